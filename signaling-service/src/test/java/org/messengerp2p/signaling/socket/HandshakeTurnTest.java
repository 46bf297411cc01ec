package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.impl.HttpServerConnection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.Frames;
import org.messengerp2p.signaling.LiveSocketTest;

/** The network, Netty, Vert.x and Quarkus together, of which each may stop reading and go on. */
@QuarkusTest
@TestProfile(HandshakeTurnTest.WithReads.class)
@Timeout(120)
class HandshakeTurnTest extends LiveSocketTest {

    /** 0.9 MiB, as much as the turn would go on with. */
    private static final int FRAMES = 23;

    private static final Buffer ENVELOPE = Buffer.buffer(new byte[40_000]);

    @Inject
    Reads reads;

    public static class WithReads implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("test.handshake-turn.reads", "true");
        }
    }

    /** Of the one socket here: what is read in the turn that brings its handshake, after the read that ends that. */
    @IfBuildProperty(name = "test.handshake-turn.reads", stringValue = "true")
    @Singleton
    static class Reads implements HttpUpgradeCheck {

        private final CompletableFuture<Integer> more = new CompletableFuture<>();

        /** Asked after {@link Admission}. */
        @Override
        public Uni<CheckResult> perform(HttpUpgradeContext upgrade) {
            Channel channel = ((HttpServerConnection) upgrade.httpRequest().connection()).channel();
            channel.pipeline().addFirst(new ChannelInboundHandlerAdapter() {

                private int bytes;

                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    bytes += ((ByteBuf) message).readableBytes();
                    context.fireChannelRead(message);
                }

                @Override
                public void channelReadComplete(ChannelHandlerContext context) {
                    more.complete(bytes);
                    context.fireChannelReadComplete();
                }
            });
            return CheckResult.permitUpgrade();
        }
    }

    @Test
    void nothingMoreIsReadInTheTurnThatBringsTheHandshakeAndAllOfItLater() throws Exception {
        Device nobody = newDevice();
        ByteArrayOutputStream behind = new ByteArrayOutputStream();
        for (int ref = 1; ref <= FRAMES; ref++) {
            behind.writeBytes(RawSocket.encode(
                    RawSocket.BINARY, Frames.relay(nobody, ref, ENVELOPE).getBytes()));
        }

        try (RawSocket hasty = RawSocket.ask(ws(), token(newDevice()), behind.toByteArray())) {
            assertEquals(0, reads.more.get());
            hasty.awaitUpgrade();
            hasty.readUntilRef(FRAMES);
        }
    }
}
