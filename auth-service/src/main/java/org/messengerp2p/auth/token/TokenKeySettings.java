package org.messengerp2p.auth.token;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Rotation of the keys that sign tokens (docs/adr/0001-token-keys-and-rotation.md). */
@ConfigMapping(prefix = "mp2p.auth.token-keys")
public interface TokenKeySettings {
    /** How long a key signs. */
    @WithDefault("P30D")
    Duration signsFor();

    /**
     * How long a key is published before it signs. Longer than services take to read the published keys again
     * ({@code mp2p.tokens.jwks-refresh}, and {@link #checkEvery} of the other replicas).
     */
    @WithDefault("PT15M")
    Duration publishedAhead();

    /** How long a key stays published when it signs no more: as long as the longest-lived token, and a margin. */
    @WithDefault("PT1H10M")
    Duration publishedAfter();

    /**
     * A key made before this time is replaced in the order of a rotation, and no token ends: an operator's wish for a
     * new key. ISO 8601, such as {@code 2026-01-31T12:00:00Z}, and not in the future.
     */
    Optional<Instant> renewBefore();

    /**
     * A key made before this time is forgotten at once, and every token that it signed with it: after a suspected leak.
     * In the same form.
     */
    Optional<Instant> revokeBefore();

    /** How often this replica reads the keys and looks whether one is due; a Quarkus duration such as {@code 15s}. */
    @WithDefault("15s")
    String checkEvery();
}
