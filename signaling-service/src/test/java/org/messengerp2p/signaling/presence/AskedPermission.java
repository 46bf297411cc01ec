package org.messengerp2p.signaling.presence;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.messengerp2p.signaling.SignalingSettings;

/** mailbox-service, which answers a call when the test says so. */
final class AskedPermission implements WatchPermission, AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

    record Call(List<ShownToken> shown, UniEmitter<? super Set<ShownToken>> unanswered) {

        void answer(ShownToken... right) {
            unanswered.complete(Set.of(right));
        }

        void fail() {
            unanswered.fail(new IllegalStateException("away"));
        }
    }

    TokenQuestions questions() {
        SignalingSettings settings = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(SignalingSettings.class)
                .withSources(new PropertiesConfigSource(
                        Map.of(
                                "mp2p.signaling.delivery-tokens.patience", "PT5M",
                                "mp2p.signaling.delivery-tokens.first-retry", "PT0.001S"),
                        "test",
                        100))
                .build()
                .getConfigMapping(SignalingSettings.class);
        TokenQuestions questions = new TokenQuestions(vertx, this, settings, meters);
        questions.start(null);
        return questions;
    }

    @Override
    public Uni<Set<ShownToken>> right(List<ShownToken> shown) {
        return Uni.createFrom().emitter(unanswered -> calls.add(new Call(shown, unanswered)));
    }

    Call next() throws InterruptedException {
        Call next = calls.poll(60, TimeUnit.SECONDS);
        assertNotNull(next, "nothing is asked");
        return next;
    }

    /** Connections for which nothing has been asked yet. */
    int waiting() {
        return (int) meters.get("mp2p.signaling.watch.waiting").gauge().value();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
