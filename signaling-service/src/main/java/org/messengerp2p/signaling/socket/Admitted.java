package org.messengerp2p.signaling.socket;

import io.netty.channel.ChannelHandlerContext;
import io.quarkus.websockets.next.UserData.TypedKey;
import java.time.Instant;
import org.messengerp2p.kit.identity.Device;

/**
 * What the handshake established.
 *
 * @param tokenEnds when the token that was shown expires
 * @param network the connection under the socket, below Vert.x
 */
record Admitted(Device device, Instant tokenEnds, ChannelHandlerContext network) {

    static final TypedKey<Admitted> KEY = new TypedKey<>("admitted");
}
