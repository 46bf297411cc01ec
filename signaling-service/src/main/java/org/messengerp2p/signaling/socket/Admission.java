package org.messengerp2p.signaling.socket;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.logging.Logger;
import org.messengerp2p.kit.http.ProblemAnswer;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.signaling.SignalingSettings;
import org.messengerp2p.signaling.connection.Drops;
import org.messengerp2p.signaling.connection.MemoryShare;

/**
 * Who may open {@code /ws}. Refuses as the REST calls do (MP2P/1 §20), with a body, which Quarkus' own check of roles
 * has not; that one comes second and finds nothing more. What costs least is looked at first.
 */
@Startup
@ApplicationScoped
@Priority(Integer.MAX_VALUE)
public class Admission implements HttpUpgradeCheck {

    private static final Logger LOG = Logger.getLogger(Admission.class);
    private static final String UPGRADE = "upgrade";
    private static final String VERSION = "13";
    private static final Duration RETRY_AFTER_RESTART = Duration.ofSeconds(2);

    private final OriginRule origins;
    private final Drain drain;
    private final HandshakeRates rates;
    private final OpenSockets sockets;
    private final Wire.Rules rules;
    private final MeterRegistry meters;

    Admission(
            OriginRule origins,
            Drain drain,
            HandshakeRates rates,
            OpenSockets sockets,
            SignalingSettings settings,
            Drops drops,
            MeterRegistry meters) {
        this.origins = origins;
        this.drain = drain;
        this.rates = rates;
        this.sockets = sockets;
        this.rules = rulesOf(settings, drops, meters);
        this.meters = meters;
    }

    @Override
    public boolean appliesTo(String endpointId) {
        return SignalingSocket.ID.equals(endpointId);
    }

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext upgrade) {
        HttpServerRequest request = upgrade.httpRequest();
        Optional<ProblemException> refusal = lookAt(request);
        if (refusal.isPresent()) {
            return refuse(request, refusal.get());
        }
        return upgrade.securityIdentity()
                .onItemOrFailure()
                .transformToUni((identity, failure) ->
                        failure == null ? admit(identity, upgrade) : refuse(request, problemOf(failure)));
    }

    private Optional<ProblemException> lookAt(HttpServerRequest request) {
        if (drain.hasBegun()) {
            return Optional.of(ProblemException.retryAfter(
                    CommonProblem.UNAVAILABLE, "The service stops; another one takes over.", RETRY_AFTER_RESTART));
        }
        if (!origins.allows(request.getHeader(HttpHeaders.ORIGIN), request.authority())) {
            return Optional.of(
                    ProblemException.of(CommonProblem.FORBIDDEN, "A page of this origin may not open a socket here."));
        }
        // Over HTTP/2 there is no connection of its own to upgrade.
        if (request.version() != HttpVersion.HTTP_1_1) {
            return Optional.of(
                    ProblemException.of(CommonProblem.MALFORMED, "A socket is opened by HTTP/1.1 (RFC 6455 §4.1)."));
        }
        // Else the upgrade fails after a socket was counted, on a connection that may live on.
        if (!isHandshake(request)) {
            return Optional.of(ProblemException.of(
                    CommonProblem.MALFORMED, "A socket is opened by a handshake of version 13 (RFC 6455 §4.1)."));
        }
        return rates.from(AddressPrefix.of(request.remoteAddress()));
    }

    /** Without a key a request does not come here. */
    private static boolean isHandshake(HttpServerRequest request) {
        // A list, of which Firefox sends two.
        String connection = request.getHeader(HttpHeaders.CONNECTION);
        return request.method() == HttpMethod.GET
                && VERSION.equals(request.getHeader(HttpHeaderNames.SEC_WEBSOCKET_VERSION))
                && connection != null
                && connection.toLowerCase(Locale.ROOT).contains(UPGRADE);
    }

    private Uni<CheckResult> admit(SecurityIdentity identity, HttpUpgradeContext upgrade) {
        HttpServerRequest request = upgrade.httpRequest();
        if (!identity.hasRole(Audience.SIGNALING) || !(identity.getPrincipal() instanceof JsonWebToken token)) {
            return refuse(request, ProblemException.tokenInvalid());
        }
        Device device = Caller.of(token).requireDevice();
        AddressPrefix from = AddressPrefix.ofOne(request.remoteAddress());
        Optional<ProblemException> refusal = rates.of(device.account()).or(() -> sockets.take(from, device.account()));
        if (refusal.isPresent()) {
            return refuse(request, refusal.get());
        }
        Channel channel = ((HttpServerConnection) request.connection()).channel();
        channel.closeFuture().addListener(gone -> sockets.giveBack(from, device.account()));
        upgrade.userData()
                .put(Admitted.KEY, new Admitted(device, TokenLife.endOf(token), Wire.prepare(channel, rules)));
        return CheckResult.permitUpgrade();
    }

    /** Answered here, so no result ever comes: Quarkus would end the answer, without a body, a second time. */
    private Uni<CheckResult> refuse(HttpServerRequest request, ProblemException problem) {
        meters.counter("mp2p.signaling.refused", "reason", problem.type().slug())
                .increment();
        ProblemAnswer.write(request.response(), problem);
        return Uni.createFrom().nothing();
    }

    /** Of a token that does not verify, or of keys that are not there yet, which may stand below another failure. */
    private static ProblemException problemOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                return problem;
            }
        }
        if (failure instanceof SecurityException) {
            return ProblemException.tokenInvalid();
        }
        LOG.error("A handshake failed by a defect", failure);
        return ProblemException.of(CommonProblem.DEFECT, "The service failed; no socket was opened.");
    }

    private static Wire.Rules rulesOf(SignalingSettings settings, Drops drops, MeterRegistry meters) {
        MemoryShare partial = new MemoryShare(Math.max(
                8L * settings.maxFrame(),
                settings.partialMemory()
                        .map(MemorySize::asLongValue)
                        .orElse(Runtime.getRuntime().maxMemory() / 8)));
        Gauge.builder("mp2p.signaling.partial", partial, MemoryShare::held)
                .description("Memory that messages hold of which a part has come")
                .baseUnit("bytes")
                .register(meters);
        return new Wire.Rules(
                settings.maxFrame(),
                settings.messagePatience(),
                settings.silence(),
                framesPerSecond(settings.limits()),
                partial,
                meters.counter("mp2p.signaling.paced")::increment,
                drops);
    }

    private static long framesPerSecond(SignalingSettings.Limits limits) {
        long usual = 2L * ((long) limits.relayPerSecond() + limits.takenPerSecond());
        return limits.framesPerSecond().isPresent() ? limits.framesPerSecond().getAsInt() : usual;
    }
}
