package org.messengerp2p.auth.prekey;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Stock and rationing (MP2P/1 §20, point 5). */
@ConfigMapping(prefix = "mp2p.auth.prekeys")
public interface PrekeySettings {
    /** Most one-time X25519 keys of a device. */
    @WithDefault("200")
    int mostOpk();

    /** Most one-time ML-KEM keys of a device. */
    @WithDefault("80")
    int mostPqo();

    /** Age at which a one-time key is not handed out any more. */
    @WithDefault("P60D")
    Duration oneTimeLife();

    /** Stock of a device, by kind, below which a requester is rationed. */
    @WithDefault("10")
    int lowStock();

    /** Time for which one requester gets no second one-time key of a device whose stock is low. */
    @WithDefault("P7D")
    Duration ration();
}
