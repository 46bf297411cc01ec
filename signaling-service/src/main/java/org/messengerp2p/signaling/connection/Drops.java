package org.messengerp2p.signaling.connection;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.Map;

/** Counts what was dropped, by reason; each is there from the start, so that a first one is seen as an increase. */
@Startup
@ApplicationScoped
public class Drops {

    private final Map<Dropped, Counter> byReason = new EnumMap<>(Dropped.class);

    Drops(MeterRegistry meters) {
        for (Dropped dropped : Dropped.values()) {
            byReason.put(
                    dropped,
                    Counter.builder("mp2p.signaling.dropped")
                            .description("Frames that reached nobody, and connections that ended with what waited")
                            .tag("reason", dropped.reason())
                            .register(meters));
        }
    }

    public void count(Dropped dropped) {
        byReason.get(dropped).increment();
    }
}
