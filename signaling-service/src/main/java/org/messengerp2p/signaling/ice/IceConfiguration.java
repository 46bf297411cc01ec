package org.messengerp2p.signaling.ice;

import java.util.List;

/**
 * Answer to {@code GET /ice} (MP2P/1 §20).
 *
 * @param expiresIn seconds after which to ask again
 */
public record IceConfiguration(List<IceServer> iceServers, long expiresIn) {}
