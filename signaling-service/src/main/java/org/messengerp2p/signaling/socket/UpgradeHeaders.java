package org.messengerp2p.signaling.socket;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.vertx.core.MultiMap;

/**
 * What of a handshake's headers its upgrade still needs. Vert.x and Quarkus each keep them for as long as the socket is
 * open, and what a browser sends beside these is longer than all else that a socket holds; the token is in it.
 */
final class UpgradeHeaders {

    private UpgradeHeaders() {}

    /** Leaves these alone, of a handshake that was found to be one; by names and values that all sockets share. */
    static void leave(MultiMap headers) {
        String host = headers.get(HttpHeaderNames.HOST);
        String key = headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        String version = headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION);
        String protocols = headers.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
        headers.clear();
        headers.set(HttpHeaderNames.HOST, host);
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        headers.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        headers.set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, version);
        headers.set(HttpHeaderNames.SEC_WEBSOCKET_KEY, key);
        if (protocols != null) {
            headers.set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, protocols);
        }
    }
}
