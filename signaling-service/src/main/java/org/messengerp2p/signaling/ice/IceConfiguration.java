package org.messengerp2p.signaling.ice;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Answer to {@code GET /ice} (MP2P/1 §20).
 *
 * @param expiresIn seconds after which to ask again
 */
public record IceConfiguration(
        List<IceServer> iceServers, @Schema(ref = "Seconds") long expiresIn) {}
