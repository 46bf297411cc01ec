package org.messengerp2p.signaling.presence;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.messengerp2p.kit.bus.BusEvent;
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
public class Presence {

    private final ConcurrentMap<AccountId, Map<DeviceId, DeviceConnection>> connected = new ConcurrentHashMap<>();
    private final ConcurrentMap<AccountId, AccountWatch> watchers = new ConcurrentHashMap<>();
    private final ConcurrentMap<DeviceConnection, Set<AccountId>> watched = new ConcurrentHashMap<>();
    private final ConcurrentMap<DeviceConnection, Subscription> subscriptions = new ConcurrentHashMap<>();
    private final DeviceBus bus;

    Presence(DeviceBus bus, MeterRegistry meters) {
        this.bus = bus;
        Gauge.builder("mp2p.signaling.connections", watched, Map::size)
                .description("Open WebSockets of devices")
                .register(meters);
    }

    /** Who watches one account, and what tells us of it. */
    private record AccountWatch(Set<DeviceConnection> watchers, Subscription subscription) {}

    /** From now on frames reach this connection. An older connection of the same device ends. */
    public void join(DeviceConnection connection) {
        AccountId own = connection.device().account();
        watched.put(connection, Set.of(own));
        addWatcher(own, connection);
        connection.whenClosing(() -> leave(connection));

        Optional<DeviceConnection> older = register(connection);
        older.ifPresent(replaced -> replaced.close(CloseCode.REPLACED));
        subscriptions.put(
                connection, bus.subscribe(Topic.of(connection.device()), event -> onDeviceEvent(connection, event)));
        if (older.isPresent()) {
            tell(connection, own);
        } else {
            tellWatchers(own);
        }
    }

    /** The connection that frames to this device go to. */
    public Optional<DeviceConnection> of(Device device) {
        return Optional.ofNullable(
                connected.getOrDefault(device.account(), Map.of()).get(device.device()));
    }

    /** Whether this connection may know of, and send to, the devices of an account. */
    public boolean sees(DeviceConnection connection, AccountId account) {
        return watched.getOrDefault(connection, Set.of()).contains(account);
    }

    /** Replaces what a connection watches beside its own account. Called on the connection's event loop. */
    public void watch(DeviceConnection connection, Set<AccountId> permitted) {
        Set<AccountId> before = watched.get(connection);
        if (before == null) {
            return;
        }
        Set<AccountId> after = new HashSet<>(permitted);
        after.add(connection.device().account());

        watched.put(connection, Set.copyOf(after));
        before.stream()
                .filter(account -> !after.contains(account))
                .forEach(account -> removeWatcher(account, connection));
        after.stream().filter(account -> !before.contains(account)).forEach(account -> {
            addWatcher(account, connection);
            tell(connection, account);
        });
    }

    /** Ends every watch of an account by others; they must show its new delivery token (MP2P/1 §20 duty 12). */
    private void endWatches(AccountId account) {
        watchersOf(account).stream()
                .filter(watcher -> !watcher.device().account().equals(account))
                .forEach(watcher -> watcher.execute(() -> endWatch(watcher, account)));
    }

    private void endWatch(DeviceConnection watcher, AccountId account) {
        Set<AccountId> left = new HashSet<>(watched.getOrDefault(watcher, Set.of()));
        if (left.remove(account)) {
            watched.put(watcher, Set.copyOf(left));
            removeWatcher(account, watcher);
            watcher.send(new ServerMessage.Presence(account, Set.of()));
        }
    }

    /** Every connection at this moment. */
    public List<DeviceConnection> all() {
        return List.copyOf(watched.keySet());
    }

    /** Called on the connection's event loop, as {@link #watch} is, so that neither undoes the other. */
    private void leave(DeviceConnection connection) {
        Set<AccountId> seen = watched.remove(connection);
        if (seen == null) {
            return;
        }
        subscriptions.remove(connection).end();
        seen.forEach(account -> removeWatcher(account, connection));
        if (unregister(connection)) {
            tellWatchers(connection.device().account());
        }
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
        return new AccountWatch(
                ConcurrentHashMap.newKeySet(),
                bus.subscribe(Topic.of(account), event -> onAccountEvent(account, event)));
    }

    private void removeWatcher(AccountId account, DeviceConnection watcher) {
        watchers.computeIfPresent(account, (key, present) -> {
            present.watchers().remove(watcher);
            if (!present.watchers().isEmpty()) {
                return present;
            }
            present.subscription().end();
            return null;
        });
    }

    private Set<DeviceConnection> watchersOf(AccountId account) {
        AccountWatch watch = watchers.get(account);
        return watch == null ? Set.of() : watch.watchers();
    }

    private void onDeviceEvent(DeviceConnection connection, BusEvent event) {
        if (event instanceof BusEvent.Mail) {
            connection.hintMail();
        } else if (event instanceof BusEvent.Revoked) {
            connection.close(CloseCode.UNAUTHORIZED);
        }
    }

    private void onAccountEvent(AccountId account, BusEvent event) {
        if (event instanceof BusEvent.NewDeliveryToken) {
            endWatches(account);
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
        watcher.execute(() -> watcher.send(new ServerMessage.Presence(
                account, connected.getOrDefault(account, Map.of()).keySet())));
    }
}
