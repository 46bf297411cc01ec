package org.messengerp2p.signaling.socket;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.MemorySize;
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
import java.util.Optional;
import java.util.regex.Pattern;
import org.messengerp2p.kit.http.ProblemAnswer;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.signaling.SignalingSettings;
import org.messengerp2p.signaling.connection.Connections;
import org.messengerp2p.signaling.connection.Drops;
import org.messengerp2p.signaling.connection.MemoryShare;
import org.messengerp2p.signaling.socket.SocketTokens.SocketToken;

/**
 * Who may open {@code /ws}: the only check of its token. Refuses as the REST calls do (MP2P/1 §20), with a body. What
 * costs least is looked at first.
 */
@Startup
@ApplicationScoped
@Priority(Integer.MAX_VALUE)
public class Admission implements HttpUpgradeCheck {

    private static final String BEARER = "Bearer ";
    private static final String UPGRADE = "upgrade";
    private static final String PROTOCOL = "websocket";
    private static final Pattern LIST = Pattern.compile("\\s*,\\s*");
    private static final String VERSION = "13";

    /** So many that have begun have room, however small the heap. */
    private static final long PARTIAL_MESSAGES = 8;

    /** So many of one address may send as fast as one may; where there are more, each has its part. */
    private static final long FAST_NEIGHBOURS = 20;

    /** Each of as many as may be has one of these parts of what one alone may send. */
    private static final long LEAST_PARTS = 25;

    private static final Duration RETRY_AFTER_RESTART = Duration.ofSeconds(2);

    private final OriginRule origins;
    private final SocketTokens tokens;
    private final Drain drain;
    private final HandshakeRates rates;
    private final OpenSockets sockets;
    private final Connections connections;
    private final Wire.Rules rules;
    private final MeterRegistry meters;

    Admission(
            OriginRule origins,
            SocketTokens tokens,
            Drain drain,
            HandshakeRates rates,
            OpenSockets sockets,
            Connections connections,
            SignalingSettings settings,
            Drops drops,
            MeterRegistry meters) {
        this.origins = origins;
        this.tokens = tokens;
        this.drain = drain;
        this.rates = rates;
        this.sockets = sockets;
        this.connections = connections;
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
        try {
            Optional<SocketToken> token = bearer(request).flatMap(tokens::read);
            return token.isPresent() ? admit(token.get(), upgrade) : refuse(request, ProblemException.tokenInvalid());
        } catch (ProblemException notNow) {
            return refuse(request, notNow);
        }
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
                && PROTOCOL.equalsIgnoreCase(request.getHeader(HttpHeaderNames.UPGRADE))
                && connection != null
                && LIST.splitAsStream(connection).anyMatch(UPGRADE::equalsIgnoreCase);
    }

    /** By RFC 6750 §2.1; Quarkus has put what came as a subprotocol there. */
    private static Optional<String> bearer(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.of(header.substring(BEARER.length()))
                : Optional.empty();
    }

    private Uni<CheckResult> admit(SocketToken token, HttpUpgradeContext upgrade) {
        HttpServerRequest request = upgrade.httpRequest();
        Device device = token.device();
        AddressPrefix from = AddressPrefix.ofOne(request.remoteAddress());
        Optional<ProblemException> tooOften = rates.of(device.account());
        if (tooOften.isPresent()) {
            return refuse(request, tooOften.get());
        }
        Channel channel = ((HttpServerConnection) request.connection()).channel();
        OpenSockets.Outcome outcome = sockets.take(channel, from, device.account(), this::neighbours);
        if (outcome instanceof OpenSockets.Refused refused) {
            return refuse(request, refused.why());
        }
        Neighbours neighbours = ((OpenSockets.Taken) outcome).neighbours();
        channel.closeFuture().addListener(gone -> sockets.giveBack(channel, from, device.account()));
        UpgradeHeaders.leave(request.headers());
        Wire wire = Wire.prepare(channel, rules, neighbours);
        upgrade.userData().put(Admitted.KEY, new Admitted(device, token.ends(), wire, neighbours.unsent()));
        return CheckResult.permitUpgrade();
    }

    private Neighbours neighbours() {
        return new Neighbours(
                connections.shareOfOneAddress(), rules.partial().part(PARTIAL_MESSAGES * rules.maxMessage()));
    }

    /** Answered here, so no result ever comes: Quarkus would end the answer, without a body, a second time. */
    private Uni<CheckResult> refuse(HttpServerRequest request, ProblemException problem) {
        meters.counter("mp2p.signaling.refused", "reason", problem.type().slug())
                .increment();
        ProblemAnswer.write(request.response(), problem);
        return Uni.createFrom().nothing();
    }

    private static Wire.Rules rulesOf(SignalingSettings settings, Drops drops, MeterRegistry meters) {
        MemoryShare partial = new MemoryShare(Math.max(
                PARTIAL_MESSAGES * settings.maxFrame(),
                settings.partialMemory().map(MemorySize::asLongValue).orElse(MemoryShare.ofTheProcess() / 8)));
        Gauge.builder("mp2p.signaling.partial", partial, MemoryShare::held)
                .description("Memory that messages hold of which a part has come")
                .baseUnit("bytes")
                .register(meters);
        return new Wire.Rules(
                settings.maxFrame(),
                settings.maxEnvelope(),
                settings.messagePatience(),
                settings.ping(),
                settings.silence(),
                framesPerSecond(settings.limits()),
                framesPerSecondByAddress(settings.limits()),
                partial,
                meters.counter("mp2p.signaling.paced")::increment,
                drops);
    }

    private static long framesPerSecond(SignalingSettings.Limits limits) {
        long usual = 2L * ((long) limits.relayPerSecond() + limits.takenPerSecond());
        return limits.framesPerSecond().isPresent() ? limits.framesPerSecond().getAsInt() : usual;
    }

    static long framesPerSecondByAddress(SignalingSettings.Limits limits) {
        return limits.framesPerSecondByAddress().isPresent()
                ? limits.framesPerSecondByAddress().getAsInt()
                : framesPerSecond(limits) * Math.max(FAST_NEIGHBOURS, limits.socketsByAddress() / LEAST_PARTS);
    }
}
