package org.messengerp2p.kit.bus;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The bus within one process. Services that run apart and have no other bus reach nobody by it, and devices poll. */
public final class LocalDeviceBus implements DeviceBus {

    private final ConcurrentMap<Topic, List<BusListener>> listeners = new ConcurrentHashMap<>();

    @Override
    public void publish(BusEvent event) {
        tell(event);
    }

    @Override
    public Uni<Boolean> deliver(BusEvent event) {
        return Uni.createFrom().item(() -> tell(event));
    }

    @Override
    public Subscription subscribe(Topic topic, BusListener listener) {
        listeners.merge(topic, List.of(listener), LocalDeviceBus::joined);
        listener.begun();
        return () -> listeners.computeIfPresent(topic, (key, present) -> without(present, listener));
    }

    private boolean tell(BusEvent event) {
        List<BusListener> addressed = listeners.getOrDefault(event.topic(), List.of());
        addressed.forEach(listener -> listener.on(event));
        return !addressed.isEmpty();
    }

    private static List<BusListener> joined(List<BusListener> present, List<BusListener> added) {
        List<BusListener> all = new ArrayList<>(present);
        all.addAll(added);
        return List.copyOf(all);
    }

    private static List<BusListener> without(List<BusListener> present, BusListener ended) {
        List<BusListener> left = new ArrayList<>(present);
        left.remove(ended);
        return left.isEmpty() ? null : List.copyOf(left);
    }
}
