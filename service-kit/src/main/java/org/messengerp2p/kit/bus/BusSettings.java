package org.messengerp2p.kit.bus;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Settings of the device bus. Where Valkey is, and its password, are {@code quarkus.redis.hosts} and
 * {@code quarkus.redis.password}.
 */
@ConfigMapping(prefix = "mp2p.bus")
public interface BusSettings {

    /** What carries events. */
    enum Kind {
        /** Nothing beyond this process. */
        LOCAL,
        /** Nodes of Valkey, by plain publish and subscribe. */
        VALKEY
    }

    /** Which bus this process uses. */
    @WithDefault("local")
    Kind kind();

    /**
     * Nodes beside that of {@code quarkus.redis.hosts}, each {@code redis://host:port}, or {@code rediss://host:port} where
     * that one is; user, password, database and TLS are the same for all. Accounts are shared out by the names of all, so
     * every process is told the same ones, by the same names; in which order does not matter.
     */
    Optional<List<String>> furtherNodes();

    /** How long a frame may wait for the answer whether somebody took it. */
    @WithDefault("PT1S")
    Duration answer();

    /** Commands that may wait for an answer of one node; further ones are dropped at once. */
    @WithDefault("4096")
    int outstanding();

    /** Bytes in these commands; a mebibyte at least. */
    @WithDefault("16M")
    MemorySize outstandingBytes();

    /** A connection that owes an answer and gives none for this long is given up. */
    @WithDefault("PT5S")
    Duration stall();

    /** Time between two tries to connect: the first, doubled up to the longest; a random half of it is left out. */
    @WithDefault("PT0.2S")
    Duration firstRetry();

    /** Longest time between two tries to connect. */
    @WithDefault("PT5S")
    Duration longestRetry();
}
