package org.messengerp2p.signaling.socket;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Takes away the older of the two compressing extensions too, for which Quarkus has no setting. With no extension on
 * offer, the reserved bits of a frame are a violation of RFC 6455 and are refused as such.
 */
@ApplicationScoped
public class NoCompression implements HttpServerOptionsCustomizer {

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setPerFrameWebSocketCompressionSupported(false);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        options.setPerFrameWebSocketCompressionSupported(false);
    }
}
