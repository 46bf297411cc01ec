package org.messengerp2p.signaling.revocation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.SignalingSettings;
import org.messengerp2p.signaling.connection.CloseCode;
import org.messengerp2p.signaling.presence.Presence;

/**
 * Asks which devices were removed, again and again, and ends their connections: the device bus tells it sooner, but may
 * lose it. One question at a time, and questions begin at intervals: what one just missed, the next one tells, however
 * long the answers take. The first asks for all of which a token may be good.
 */
@ApplicationScoped
class RevocationQuestions {

    private static final Logger LOG = Logger.getLogger(RevocationQuestions.class);

    private final Vertx vertx;
    private final Revocations revocations;
    private final RevokedDevices revoked;
    private final Presence presence;
    private final SignalingSettings.Revocations settings;
    private final Counter closed;
    private Context loop;
    private Optional<String> cursor = Optional.empty();
    private long askedAt;
    private boolean failing;
    private volatile boolean stopped;

    RevocationQuestions(
            Vertx vertx,
            Revocations revocations,
            RevokedDevices revoked,
            Presence presence,
            SignalingSettings settings,
            MeterRegistry meters) {
        this.vertx = vertx;
        this.revocations = revocations;
        this.revoked = revoked;
        this.presence = presence;
        this.settings = settings.revocations();
        this.closed = Counter.builder("mp2p.signaling.closed.revoked")
                .description("Connections of removed devices that the device bus had not ended")
                .register(meters);
    }

    void start(@Observes StartupEvent event) {
        loop = vertx.getOrCreateContext();
        ask();
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    /** On a context of its own, as a request has one. */
    private void ask() {
        askedAt = System.nanoTime();
        Context context = VertxContext.createNewDuplicatedContext(loop);
        VertxContextSafetyToggle.setContextSafe(context, true);
        context.runOnContext(now -> Uni.createFrom()
                .deferred(() -> revocations.since(cursor))
                .ifNoItem()
                .after(settings.patience())
                .failWith(() -> new TimeoutException("no answer"))
                .map(this::accept)
                .subscribe()
                .with(this::answered, this::failed));
    }

    /** @return whether there is more */
    private boolean accept(Revocations.Answer answer) {
        answer.devices().forEach(this::revoke);
        revoked.forgetOld();
        cursor = Optional.of(answer.next());
        return answer.more();
    }

    /** Remembered first: whoever connects meanwhile looks after it has joined. */
    private void revoke(Device device) {
        revoked.add(device);
        presence.of(device).ifPresent(connection -> {
            closed.increment();
            connection.close(CloseCode.UNAUTHORIZED);
        });
    }

    private void answered(boolean more) {
        if (failing) {
            failing = false;
            LOG.info("auth-service can be asked again which devices were removed.");
        }
        if (more) {
            ask();
        } else {
            askLater();
        }
    }

    private void failed(Throwable failure) {
        if (!failing && !stopped) {
            failing = true;
            LOG.warnf(
                    "auth-service cannot be asked which devices were removed (%s); the device bus alone tells it.",
                    failure.getMessage());
        }
        askLater();
    }

    private void askLater() {
        if (!stopped) {
            Duration since = Duration.ofNanos(System.nanoTime() - askedAt);
            vertx.setTimer(Math.max(1, settings.every().minus(since).toMillis()), now -> ask());
        }
    }
}
