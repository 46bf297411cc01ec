package org.messengerp2p.mailbox.archive;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.messengerp2p.kit.limit.Limit;

/** Settings of the archive. Its keyset is {@code archive.json} beside that of the envelopes. */
@ConfigMapping(prefix = "mp2p.mailbox.archive")
public interface ArchiveSettings {

    /** Most that one account keeps. */
    Quota quota();

    /** How often one account may call; {@code <tokens>/<period>/<burst>}. */
    Limits limits();

    /** Time between two looks for rows that a former key has sealed; only while the keyset has several keys. */
    @WithDefault("PT10M")
    Duration resealInterval();

    /** Whichever is reached first. */
    interface Quota {

        /** Bytes of segments and manifests as they came. */
        @WithDefault("1G")
        MemorySize bytes();

        /** Segments: four times as many as fill the bytes, so that tiny ones are no way to store rows without end. */
        @WithDefault("16384")
        @Min(1)
        int segments();

        /** Manifests, one for each device and generation of the backup key that ever wrote. */
        @WithDefault("1024")
        @Min(1)
        int manifests();
    }

    /** Rates. */
    interface Limits {

        /** Segments and manifests written, and the archive deleted. */
        @WithDefault("240/PT1M/1200")
        Limit write();

        /** Segments, manifests and lists read. A new device reads all at once. */
        @WithDefault("1200/PT1M/6000")
        Limit read();
    }
}
