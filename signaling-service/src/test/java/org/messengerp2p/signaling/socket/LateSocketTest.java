package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.impl.HttpServerConnection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.Eventually;

/** What the drain does with a connection that was let in before it, and becomes a socket while it goes on. */
@QuarkusTest
@TestProfile(LateSocketTest.WithAGate.class)
@Timeout(120)
class LateSocketTest extends LiveSocketTest {

    private static final int RESTART = 1012;

    @Inject
    Drain drain;

    @Inject
    Gate gate;

    public static class WithAGate implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("test.late-socket.gate", "true", "mp2p.signaling.close-grace", "PT60S");
        }
    }

    /** Between {@link Admission} and the upgrade. */
    @IfBuildProperty(name = "test.late-socket.gate", stringValue = "true")
    @Singleton
    static class Gate implements HttpUpgradeCheck {

        private final CompletableFuture<Channel> reached = new CompletableFuture<>();
        private final CompletableFuture<CheckResult> passed = new CompletableFuture<>();

        @Override
        public Uni<CheckResult> perform(HttpUpgradeContext upgrade) {
            reached.complete(((HttpServerConnection) upgrade.httpRequest().connection()).channel());
            return Uni.createFrom().completionStage(passed);
        }

        void open() throws Exception {
            reached.get().eventLoop().execute(() -> passed.complete(CheckResult.permitUpgradeSync()));
        }
    }

    @Test
    void isToldToComeBackAndWaitedForThoughNobodyElseIsThere() throws Exception {
        FutureTask<Void> stop = new FutureTask<>(() -> {
            drain.stop(null);
            return null;
        });
        Thread stopping = new Thread(stop);
        try (RawSocket late = RawSocket.ask(ws(), token(newDevice()), new byte[0])) {
            gate.reached.get();
            stopping.start();
            Eventually.isTrue("it waits, or is done", () -> switch (stopping.getState()) {
                case TIMED_WAITING, TERMINATED -> true;
                default -> false;
            });

            gate.open();

            late.awaitUpgrade();
            assertEquals(RESTART, late.closeCode());
            assertTrue(stopping.isAlive());
            late.frame(
                    RawSocket.CLOSE,
                    ByteBuffer.allocate(2).putShort((short) RESTART).array());
            stop.get();
        }
    }
}
