package org.messengerp2p.signaling.presence;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.BusListener;
import org.messengerp2p.kit.bus.DeviceBus;
import org.messengerp2p.kit.bus.Subscription;
import org.messengerp2p.kit.bus.Topic;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.signaling.connection.CloseCode;
import org.messengerp2p.signaling.connection.DeviceConnection;
import org.messengerp2p.signaling.connection.ServerMessage;

/**
 * (account, device) → connection, and who watches whom. There is no list of all that anybody could ask for: a
 * connection sees its own account and those that it was permitted to watch.
 */
@ApplicationScoped
public class Presence implements Elsewhere.Here {

    /** In which a bus that is back has told of most of the subscriptions that one connection needs. */
    private static final long GATHERING_MILLIS = 20;

    private static final Duration[] HINT_BUCKETS =
            Stream.of(1, 5, 20, 100, 500, 2_000, 10_000).map(Duration::ofMillis).toArray(Duration[]::new);

    private final ConcurrentMap<AccountId, Map<DeviceId, DeviceConnection>> connected = new ConcurrentHashMap<>();
    private final ConcurrentMap<AccountId, AccountWatch> watchers = new ConcurrentHashMap<>();
    private final ConcurrentMap<DeviceConnection, WatchList> lists = new ConcurrentHashMap<>();
    private final ConcurrentMap<DeviceConnection, Subscription> subscriptions = new ConcurrentHashMap<>();
    private final DeviceBus bus;
    private final Elsewhere elsewhere;
    private final PassedFrames frames;
    private final TokenQuestions questions;
    private final Clock clock;
    private final Timer hintLatency;

    Presence(
            DeviceBus bus,
            Elsewhere elsewhere,
            PassedFrames frames,
            TokenQuestions questions,
            Clock clock,
            MeterRegistry meters) {
        this.bus = bus;
        this.clock = clock;
        this.questions = questions;
        this.elsewhere = elsewhere;
        this.frames = frames;
        Gauge.builder("mp2p.signaling.connections", lists, Map::size)
                .description("Open WebSockets of devices")
                .register(meters);
        this.hintLatency = Timer.builder("mp2p.signaling.hint.latency")
                .description("From the end of a store in mailbox-service until its hint is written to a socket")
                .serviceLevelObjectives(HINT_BUCKETS)
                .register(meters);
    }

    void start(@Observes StartupEvent event) {
        elsewhere.start(this);
    }

    /** Who watches one account, or has asked to, and what tells us of it. */
    private record AccountWatch(Set<DeviceConnection> watchers, Subscription subscription) {}

    /** From now on frames reach this connection. An older connection of the same device ends. */
    public void join(DeviceConnection connection) {
        AccountId own = connection.device().account();
        lists.put(connection, watchList(connection));
        addWatcher(own, connection);

        Optional<DeviceConnection> older = register(connection);
        older.ifPresent(replaced -> replaced.close(CloseCode.REPLACED));
        elsewhere.joined(connection);
        subscriptions.put(connection, bus.subscribe(Topic.of(connection.device()), new OfDevice(connection)));
        // Only now is there all that leaving undoes, be it that the connection ended meanwhile.
        connection.whenClosing(() -> leave(connection));
        if (older.isPresent()
                || elsewhere.connected(own).contains(connection.device().device())) {
            tell(connection, own);
        } else {
            tellWatchers(own);
        }
    }

    private WatchList watchList(DeviceConnection connection) {
        return new WatchList(
                connection.device().account(),
                questions,
                connection::execute,
                task -> connection.schedule(task, GATHERING_MILLIS),
                new OnConnection(connection));
    }

    /** The connection that frames to this device go to. */
    public Optional<DeviceConnection> of(Device device) {
        return Optional.ofNullable(
                connected.getOrDefault(device.account(), Map.of()).get(device.device()));
    }

    /** Whether this connection may know of, and send to, the devices of an account. */
    public boolean sees(DeviceConnection connection, AccountId account) {
        WatchList list = lists.get(connection);
        return list != null && list.sees(account);
    }

    /** Replaces what a connection watches beside its own account, as far as the tokens are right. On its event loop. */
    public void watch(DeviceConnection connection, List<ShownToken> shown) {
        WatchList list = lists.get(connection);
        if (list != null) {
            list.show(shown);
        }
    }

    /** Asks anew whether a connection may watch what it watches, since a new delivery token may not have been heard of. */
    public void askAgain(DeviceConnection connection) {
        WatchList list = lists.get(connection);
        if (list != null) {
            list.askAgain();
        }
    }

    /** Lets each list that has the account, beside those of its own devices, look at it on its event loop. */
    private void onLists(AccountId account, Consumer<WatchList> change) {
        watchersOf(account).stream()
                .filter(watcher -> !watcher.device().account().equals(account))
                .forEach(watcher -> watcher.execute(() -> {
                    WatchList list = lists.get(watcher);
                    if (list != null) {
                        change.accept(list);
                    }
                }));
    }

    /** What the list of one connection does. */
    private final class OnConnection implements WatchList.Effects {

        private final DeviceConnection connection;

        private OnConnection(DeviceConnection connection) {
            this.connection = connection;
        }

        @Override
        public void listen(AccountId account) {
            addWatcher(account, connection);
        }

        @Override
        public void ignore(AccountId account) {
            removeWatcher(account, connection);
        }

        @Override
        public void tell(AccountId account) {
            Presence.this.tell(connection, account);
        }

        @Override
        public void tellNobody(AccountId account) {
            connection.send(new ServerMessage.Presence(account, Set.of()));
        }
    }

    /** Every connection at this moment, also one that is leaving: the other replicas may not be told of that yet. */
    public List<DeviceConnection> all() {
        return List.copyOf(lists.keySet());
    }

    /** Completes when the other replicas know of all that came and went here, as far as they can be told. */
    public CompletionStage<Void> told() {
        return elsewhere.told();
    }

    /** Called on the connection's event loop, as {@link #watch} is, so that neither undoes the other. */
    private void leave(DeviceConnection connection) {
        Device device = connection.device();
        subscriptions.remove(connection).end();
        elsewhere.left(connection);
        lists.get(connection).end().forEach(account -> removeWatcher(account, connection));
        removeWatcher(device.account(), connection);
        if (unregister(connection) && !elsewhere.connected(device.account()).contains(device.device())) {
            tellWatchers(device.account());
        }
        lists.remove(connection);
    }

    private Optional<DeviceConnection> register(DeviceConnection connection) {
        Device device = connection.device();
        DeviceConnection[] older = new DeviceConnection[1];
        connected.compute(device.account(), (account, devices) -> {
            Map<DeviceId, DeviceConnection> next = new HashMap<>(devices == null ? Map.of() : devices);
            older[0] = next.put(device.device(), connection);
            return Map.copyOf(next);
        });
        return Optional.ofNullable(older[0]);
    }

    /** @return false if a newer connection of the device has taken the place */
    private boolean unregister(DeviceConnection connection) {
        Device device = connection.device();
        boolean[] removed = new boolean[1];
        connected.computeIfPresent(device.account(), (account, devices) -> {
            Map<DeviceId, DeviceConnection> next = new HashMap<>(devices);
            removed[0] = next.remove(device.device(), connection);
            return next.isEmpty() ? null : Map.copyOf(next);
        });
        return removed[0];
    }

    private void addWatcher(AccountId account, DeviceConnection watcher) {
        watchers.compute(account, (key, present) -> {
            AccountWatch next = present == null ? beginWatch(account) : present;
            next.watchers().add(watcher);
            return next;
        });
    }

    private AccountWatch beginWatch(AccountId account) {
        elsewhere.follow(account);
        return new AccountWatch(
                ConcurrentHashMap.newKeySet(), bus.subscribe(Topic.of(account), new OfAccount(account)));
    }

    private void removeWatcher(AccountId account, DeviceConnection watcher) {
        watchers.computeIfPresent(account, (key, present) -> {
            present.watchers().remove(watcher);
            if (!present.watchers().isEmpty()) {
                return present;
            }
            present.subscription().end();
            elsewhere.unfollow(account);
            return null;
        });
    }

    private Set<DeviceConnection> watchersOf(AccountId account) {
        AccountWatch watch = watchers.get(account);
        return watch == null ? Set.of() : watch.watchers();
    }

    /** What the bus tells one connection's device. */
    private final class OfDevice implements BusListener {

        private final DeviceConnection connection;

        private OfDevice(DeviceConnection connection) {
            this.connection = connection;
        }

        /** Whoever learns of the device by this finds it subscribed to. */
        @Override
        public void begun() {
            elsewhere.claim(connection);
        }

        @Override
        public void on(BusEvent event) {
            if (event instanceof BusEvent.Mail mail) {
                connection.hintMail(() -> measure(mail));
            } else if (event instanceof BusEvent.Revoked) {
                connection.close(CloseCode.UNAUTHORIZED);
            } else if (event instanceof BusEvent.Frame frame) {
                pass(frame);
            } else if (event instanceof BusEvent.Claimed) {
                elsewhere.claim(connection);
            }
        }

        private void pass(BusEvent.Frame frame) {
            Optional<DeviceConnection> holder = of(frame.device());
            if (holder.isEmpty() || holder.get() == connection) {
                frames.arrived(frame.device(), holder, frame.bytes());
            }
        }
    }

    /** What the bus tells of one account. */
    private final class OfAccount implements BusListener {

        private final AccountId account;

        private OfAccount(AccountId account) {
            this.account = account;
        }

        /** No change after this read can be missed, and what was missed before is in it. */
        @Override
        public void begun() {
            elsewhere.read(account);
            onLists(account, list -> list.mayHaveMissed(account));
        }

        @Override
        public void on(BusEvent event) {
            if (event instanceof BusEvent.NewDeliveryToken) {
                onLists(account, list -> list.renewed(account));
            } else if (event instanceof BusEvent.PresenceChanged) {
                elsewhere.read(account);
            }
        }
    }

    /** By two clocks, where the services are on two machines: less than nothing is nothing. */
    private void measure(BusEvent.Mail hint) {
        hint.told().ifPresent(told -> {
            Duration since = Duration.between(told, clock.instant());
            hintLatency.record(since.isNegative() ? Duration.ZERO : since);
        });
    }

    @Override
    public void replaced(DeviceConnection connection) {
        connection.close(CloseCode.REPLACED);
    }

    @Override
    public void changed(AccountId account, Set<DeviceId> before, Set<DeviceId> after) {
        Set<DeviceId> local = here(account);
        if (!union(local, before).equals(union(local, after))) {
            tellWatchers(account);
        }
    }

    private void tellWatchers(AccountId account) {
        watchersOf(account).forEach(watcher -> tell(watcher, account));
    }

    /**
     * Reads who is connected when the frame is written and not before: of two changes at once, the frame that is
     * written last then holds the last state.
     */
    private void tell(DeviceConnection watcher, AccountId account) {
        watcher.execute(() -> {
            if (sees(watcher, account)) {
                watcher.send(new ServerMessage.Presence(account, union(here(account), elsewhere.connected(account))));
            }
        });
    }

    private Set<DeviceId> here(AccountId account) {
        return connected.getOrDefault(account, Map.of()).keySet();
    }

    private static Set<DeviceId> union(Set<DeviceId> some, Set<DeviceId> others) {
        if (others.isEmpty()) {
            return some;
        }
        Set<DeviceId> all = new HashSet<>(some);
        all.addAll(others);
        return all;
    }
}
