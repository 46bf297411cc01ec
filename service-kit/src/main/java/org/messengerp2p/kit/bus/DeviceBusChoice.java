package org.messengerp2p.kit.bus;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.math.BigInteger;
import java.time.Duration;
import org.messengerp2p.kit.bus.valkey.ValkeyDeviceBus;

/** The bus that the settings name; of the other nothing is ever made. */
@ApplicationScoped
class DeviceBusChoice {

    private static final Duration MILLISECOND = Duration.ofMillis(1);
    /** A beat goes out twice a second. */
    private static final Duration SHORTEST_STALL = Duration.ofSeconds(1);

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final int MOST_OUTSTANDING = 1_000_000;
    /** Any command alone has room, that with the largest frame too. */
    private static final long LEAST_BYTES = 1L << 20;

    private static final long MOST_BYTES = 1L << 40;

    @Produces
    @Singleton
    DeviceBus bus(BusSettings settings, Instance<ValkeyDeviceBus> valkey) {
        if (settings.kind() == BusSettings.Kind.VALKEY) {
            requireWorkable(settings);
            return valkey.get();
        }
        if (settings.furtherNodes().isPresent()) {
            throw new ConfigurationException("mp2p.bus.further-nodes is set, and mp2p.bus.kind is not valkey.");
        }
        return new LocalDeviceBus();
    }

    private static void requireWorkable(BusSettings settings) {
        requireBetween(settings.answer(), MILLISECOND, "answer");
        requireBetween(settings.stall(), SHORTEST_STALL, "stall");
        requireBetween(settings.firstRetry(), MILLISECOND, "first-retry");
        requireBetween(settings.longestRetry(), settings.firstRetry(), "longest-retry");
        requireBetween(BigInteger.valueOf(settings.outstanding()), 1, MOST_OUTSTANDING, "outstanding", ".");
        requireBetween(
                settings.outstandingBytes().asBigInteger(), LEAST_BYTES, MOST_BYTES, "outstanding-bytes", " bytes.");
    }

    private static void requireBetween(BigInteger given, long least, long most, String name, String end) {
        if (given.compareTo(BigInteger.valueOf(least)) < 0 || given.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new ConfigurationException(
                    "mp2p.bus." + name + " is " + given + "; it is between " + least + " and " + most + end);
        }
    }

    private static void requireBetween(Duration given, Duration least, String name) {
        if (given.compareTo(least) < 0 || given.compareTo(LONGEST) > 0) {
            throw new ConfigurationException(
                    "mp2p.bus." + name + " is " + given + "; it is between " + least + " and " + LONGEST + '.');
        }
    }

    /** Connects before the first event is told. */
    void start(@Observes StartupEvent event, DeviceBus bus) {}
}
