package org.messengerp2p.kit.bus;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The bus within one process. Services that run apart and have no other bus reach nobody by it, and devices poll. */
@ApplicationScoped
@DefaultBean
public class LocalDeviceBus implements DeviceBus {

    private final List<Consumer<BusEvent>> listeners = new CopyOnWriteArrayList<>();

    @Override
    public void publish(BusEvent event) {
        listeners.forEach(listener -> listener.accept(event));
    }

    @Override
    public void subscribe(Consumer<BusEvent> listener) {
        listeners.add(listener);
    }
}
