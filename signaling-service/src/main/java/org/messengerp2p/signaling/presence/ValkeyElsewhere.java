package org.messengerp2p.signaling.presence;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.messengerp2p.kit.bus.valkey.ValkeyLink;
import org.messengerp2p.kit.bus.valkey.ValkeyNodes;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.signaling.SignalingSettings;
import org.messengerp2p.signaling.connection.DeviceConnection;

/**
 * Presence that the replicas keep in Valkey. Nothing there is the only copy: each replica says again, from time to
 * time, who is connected to it, which also heals what was lost; and what is not said again ends by itself.
 */
@Singleton
@Typed(ValkeyElsewhere.class)
class ValkeyElsewhere implements Elsewhere {

    private static final Logger LOG = Logger.getLogger(ValkeyElsewhere.class);

    private final Vertx vertx;
    private final ValkeyNodes nodes;
    private final Map<ValkeyLink, AtNode> atNodes;
    private final SignalingSettings.Replicas settings;
    private final String replica = UUID.randomUUID().toString();
    private final AtomicLong connections = new AtomicLong();

    private final ConcurrentMap<DeviceConnection, HeldDevice> held = new ConcurrentHashMap<>();
    private final ConcurrentMap<AccountId, Known> known = new ConcurrentHashMap<>();

    private Here here;

    ValkeyElsewhere(Vertx vertx, ValkeyNodes nodes, SignalingSettings settings) {
        this.vertx = vertx;
        this.nodes = nodes;
        this.atNodes = nodes.all().stream().collect(Collectors.toUnmodifiableMap(Function.identity(), AtNode::new));
        this.settings = settings.replicas();
    }

    /** @param readAt by {@link System#nanoTime()} */
    private record Known(Set<DeviceId> devices, long readAt) {}

    @Override
    public void start(Here user) {
        here = user;
        refreshLater();
        rereadLater();
    }

    @Override
    public Set<DeviceId> connected(AccountId account) {
        Known present = known.get(account);
        return present == null ? Set.of() : present.devices();
    }

    @Override
    public void joined(DeviceConnection connection) {
        held.put(connection, new HeldDevice(connection, replica + ':' + connections.incrementAndGet()));
    }

    @Override
    public void claim(DeviceConnection connection) {
        HeldDevice mine = held.get(connection);
        if (mine != null) {
            at(mine.device().account()).claims.add(List.of(mine));
        }
    }

    @Override
    public void left(DeviceConnection connection) {
        HeldDevice mine = held.remove(connection);
        if (mine != null) {
            at(mine.device().account()).releases.add(List.of(mine));
        }
    }

    @Override
    public void follow(AccountId account) {
        known.put(account, new Known(Set.of(), System.nanoTime()));
    }

    @Override
    public void unfollow(AccountId account) {
        known.remove(account);
    }

    @Override
    public void read(AccountId account) {
        at(account).reads.add(List.of(account));
    }

    /** Claims first: whose connection left before its claim was answered is given up after that. */
    @Override
    public CompletionStage<Void> told() {
        return allOf(node -> node.claims.end()).thenCompose(claimed -> allOf(node -> node.releases.end()));
    }

    private CompletableFuture<Void> allOf(Function<AtNode, CompletionStage<Void>> end) {
        return CompletableFuture.allOf(atNodes.values().stream()
                .map(node -> end.apply(node).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** One timer for all connections; each replica at another moment. */
    private void refreshLater() {
        vertx.setTimer(about(settings.presenceRefresh().toMillis()), now -> {
            held.values().stream()
                    .collect(Collectors.groupingBy(mine -> at(mine.device().account())))
                    .forEach((node, its) -> node.claims.add(its));
            refreshLater();
        });
    }

    private void rereadLater() {
        vertx.setTimer(about(settings.presenceReread().toMillis()), now -> {
            known.keySet().forEach(this::forgetIfOld);
            known.keySet().stream()
                    .collect(Collectors.groupingBy(this::at))
                    .forEach((node, its) -> node.reads.add(its));
            rereadLater();
        });
    }

    private static long about(long millis) {
        return Math.max(1, millis - ThreadLocalRandom.current().nextLong(millis / 5 + 1));
    }

    /** Nobody can tell for longer than what is in Valkey would live. */
    private void forgetIfOld(AccountId account) {
        Known present = known.get(account);
        if (present != null
                && System.nanoTime() - present.readAt()
                        > settings.presenceLife().toNanos()) {
            learn(account, Set.of(), present.readAt());
        }
    }

    private void settled(HeldDevice mine, long epoch) {
        mine.settle(epoch);
        if (!held.containsKey(mine.connection())) {
            // It left while the claim was on its way, and the release may have been there first.
            at(mine.device().account()).releases.add(List.of(mine));
        }
    }

    /** The others see no change: the device is known to be elsewhere before it ends here. */
    private void replaced(HeldDevice mine) {
        Device device = mine.device();
        Set<DeviceId> devices = new HashSet<>(connected(device.account()));
        devices.add(device.device());
        learn(device.account(), Set.copyOf(devices), System.nanoTime());
        here.replaced(mine.connection());
    }

    private Set<DeviceId> ofOthers(Response devicesAndOwners) {
        Set<DeviceId> devices = new HashSet<>();
        for (int at = 0; at + 1 < devicesAndOwners.size(); at += 2) {
            if (!devicesAndOwners.get(at + 1).toString().startsWith(replica)) {
                devices.add(new DeviceId(devicesAndOwners.get(at).toLong()));
            }
        }
        return Set.copyOf(devices);
    }

    private void learn(AccountId account, Set<DeviceId> devices, long readAt) {
        Known[] before = new Known[1];
        known.computeIfPresent(account, (key, present) -> {
            before[0] = present;
            return new Known(devices, readAt);
        });
        if (before[0] != null && !before[0].devices().equals(devices)) {
            here.changed(account, before[0].devices(), devices);
        }
    }

    private AtNode at(AccountId account) {
        return atNodes.get(nodes.of(account));
    }

    /** What is said to one node and asked of it; of each kind one command after the other. */
    private final class AtNode {

        private final ValkeyLink link;
        private final AtomicBoolean failing = new AtomicBoolean();
        private final InTurn<HeldDevice> claims = new InTurn<>(this::claimAll, this::failed);
        private final InTurn<HeldDevice> releases = new InTurn<>(this::releaseAll, this::failed);
        private final InTurn<AccountId> reads = new InTurn<>(this::readAll, this::failed);

        private AtNode(ValkeyLink link) {
            this.link = link;
        }

        /** What cannot be said now is said again at the next refresh. */
        private Uni<Void> claimAll(List<HeldDevice> mine) {
            long life = settings.presenceLife().toNanos() / 1000;
            return ask(PresenceScripts.claim(mine, life), mine.size())
                    .invoke(answers -> claimed(mine, answers))
                    .replaceWithVoid();
        }

        private void claimed(List<HeldDevice> mine, Response answers) {
            failing.set(false);
            for (int at = 0; at < mine.size(); at++) {
                long epoch = answers.get(at).toLong();
                if (epoch == 0) {
                    replaced(mine.get(at));
                } else {
                    settled(mine.get(at), epoch);
                }
            }
        }

        /** What cannot be given up now ends by itself. */
        private Uni<Void> releaseAll(List<HeldDevice> gone) {
            return ask(PresenceScripts.release(gone), gone.size()).replaceWithVoid();
        }

        /** What cannot be read now is read again. */
        private Uni<Void> readAll(List<AccountId> accounts) {
            return ask(PresenceScripts.read(accounts), accounts.size())
                    .invoke(answers -> {
                        failing.set(false);
                        for (int at = 0; at < accounts.size(); at++) {
                            learn(accounts.get(at), ofOthers(answers.get(at)), System.nanoTime());
                        }
                    })
                    .replaceWithVoid();
        }

        private Uni<Response> ask(Request command, int number) {
            return link.send(command, PresenceScripts.length(number));
        }

        /** That Valkey is away is said by the bus. */
        private void failed(Throwable failure) {
            if (link.isUp() && failing.compareAndSet(false, true)) {
                LOG.warnf("Presence across replicas cannot be kept (%s)", failure.getMessage());
            }
        }
    }
}
