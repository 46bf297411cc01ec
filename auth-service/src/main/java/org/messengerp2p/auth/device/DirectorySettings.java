package org.messengerp2p.auth.device;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** How device lists reach mailbox-service. */
@ConfigMapping(prefix = "mp2p.auth.directory")
public interface DirectorySettings {
    /** Longest that one call may take; a request that changed a list waits for it as long. */
    @WithDefault("PT5S")
    Duration callTimeout();

    /** Pause after the first failed call; it doubles with each that follows. */
    @WithDefault("PT1S")
    Duration firstRetry();

    /** Longest pause between two tries. */
    @WithDefault("PT1M")
    Duration longestRetry();

    /** How often the outbox is looked through for what is due; a Quarkus duration such as {@code 2s}. */
    @WithDefault("2s")
    String sweepEvery();

    /** Internal listener of mailbox-service. */
    @WithDefault("http://127.0.0.1:8183")
    URI mailboxUrl();
}
