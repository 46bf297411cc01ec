package org.messengerp2p.signaling.socket;

import io.quarkus.websockets.next.UserData.TypedKey;
import java.time.Instant;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.connection.MemoryShare;

/**
 * What the handshake established.
 *
 * @param tokenEnds when the token that was shown expires
 * @param wire the connection under the socket
 * @param unsent memory that it shares with the sockets from its address
 */
record Admitted(Device device, Instant tokenEnds, Wire wire, MemoryShare unsent) {

    static final TypedKey<Admitted> KEY = new TypedKey<>("admitted");
}
