package org.messengerp2p.signaling.socket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.quarkus.websockets.next.InboundProcessingMode;
import io.quarkus.websockets.next.OnBinaryMessage;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnError;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.WebSocket;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import org.jboss.logging.Logger;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.signaling.SignalingSettings;
import org.messengerp2p.signaling.connection.CloseCode;
import org.messengerp2p.signaling.connection.Connections;
import org.messengerp2p.signaling.connection.DeviceConnection;
import org.messengerp2p.signaling.connection.Dropped;
import org.messengerp2p.signaling.connection.Drops;
import org.messengerp2p.signaling.connection.ServerMessage;
import org.messengerp2p.signaling.presence.Presence;
import org.messengerp2p.signaling.relay.Relay;
import org.messengerp2p.signaling.revocation.RevokedDevices;

/**
 * {@code /ws} (MP2P/1 §20.1), one connection a device; {@link Admission} says whose. Every callback is done when it returns
 * and waits for nothing.
 */
@WebSocket(path = "/ws", endpointId = SignalingSocket.ID, inboundProcessingMode = InboundProcessingMode.CONCURRENT)
@Singleton
public class SignalingSocket {

    static final String ID = "signaling";

    private static final Logger LOG = Logger.getLogger(SignalingSocket.class);

    private final SignalingSettings settings;
    private final Presence presence;
    private final RevokedDevices revoked;
    private final Relay relay;
    private final Reauthentication reauthentication;
    private final Connections connections;
    private final Drops drops;
    private final Drain drain;
    private final ObjectReader messages;
    private final Session.Limits limits;
    private final Clock clock;

    SignalingSocket(
            SignalingSettings settings,
            Presence presence,
            RevokedDevices revoked,
            Relay relay,
            Reauthentication reauthentication,
            Connections connections,
            Drops drops,
            Drain drain,
            ObjectMapper json,
            Clock clock) {
        this.settings = settings;
        this.presence = presence;
        this.revoked = revoked;
        this.relay = relay;
        this.reauthentication = reauthentication;
        this.connections = connections;
        this.drops = drops;
        this.drain = drain;
        this.messages = json.readerFor(ClientMessage.class);
        this.limits = Session.Limits.of(settings.limits());
        this.clock = clock;
    }

    @OnOpen
    Uni<Void> opened(WebSocketConnection socket) {
        Admitted admitted = socket.userData().remove(Admitted.KEY);
        DeviceConnection connection =
                connections.of(admitted.device(), socket, admitted.wire().network(), admitted.unsent());
        Session session = new Session(
                connection,
                new TokenLife(connection, clock, settings.reauthNotice()),
                admitted.wire().flow(),
                limits);
        socket.userData().put(Session.KEY, session);
        admitted.wire().begin(new Opened(session));

        connection.send(new ServerMessage.Hello(
                admitted.device().device(),
                clock.millis(),
                Math.max(1, settings.ping().toSeconds()),
                settings.maxFrame()));
        join(session, admitted);
        return Uni.createFrom().voidItem();
    }

    /** Only what came before {@link #opened}, or behind text, comes by this way; all else by {@link BinaryFrames}. */
    @OnBinaryMessage
    @SuppressWarnings("deprecation") // What Vert.x 5 has in its place is not there yet.
    Uni<Void> binary(Buffer frame, WebSocketConnection socket) {
        Session session = socket.userData().get(Session.KEY);
        try {
            pass(session, frame.getByteBuf());
        } finally {
            session.handled();
        }
        return Uni.createFrom().voidItem();
    }

    @OnTextMessage
    Uni<Void> text(String json, WebSocketConnection socket) {
        Session session = socket.userData().get(Session.KEY);
        try {
            if (!session.connection().isClosing()) {
                accept(session, json);
            }
        } finally {
            session.handled();
        }
        return Uni.createFrom().voidItem();
    }

    @OnClose
    Uni<Void> closed(WebSocketConnection socket) {
        Session session = socket.userData().get(Session.KEY);
        if (session != null) {
            session.end();
        }
        return Uni.createFrom().voidItem();
    }

    @OnError
    Uni<Void> failed(Throwable failure, WebSocketConnection socket) {
        boolean networkEnded = failure instanceof IOException
                || failure instanceof HttpClosedException
                || failure instanceof PrematureChannelClosureException;
        if (!networkEnded) {
            failed(failure, socket.userData().get(Session.KEY));
        }
        return Uni.createFrom().voidItem();
    }

    /** A removed device is not shown to others even for a moment. */
    private void join(Session session, Admitted admitted) {
        DeviceConnection connection = session.connection();
        if (connection.isClosing()) {
            return;
        }
        if (revoked.contains(admitted.device())) {
            connection.close(CloseCode.UNAUTHORIZED);
            return;
        }
        presence.join(connection);
        session.tokenEnds(admitted.tokenEnds());
        // Asked again, for it may have been removed meanwhile, when its connection could not be found yet.
        if (revoked.contains(admitted.device())) {
            connection.close(CloseCode.UNAUTHORIZED);
        }
        // So may the drain have begun, and have looked who is there.
        if (drain.hasBegun()) {
            drain.sendAway(connection);
        }
    }

    /** What comes to a session past Quarkus. */
    private final class Opened implements Wire.OpenSocket {

        private final Session session;

        private Opened(Session session) {
            this.session = session;
        }

        @Override
        public void receive(ByteBuf message) {
            try {
                pass(session, message);
            } catch (RuntimeException defect) {
                failed(defect, session);
            }
        }

        @Override
        public void unended(Dropped reason) {
            session.connection().closeForUnendedMessage(reason);
        }

        @Override
        public boolean isClosing() {
            return session.connection().isClosing();
        }
    }

    private static void failed(Throwable defect, Session session) {
        LOG.error("A connection failed by a defect", defect);
        if (session != null) {
            session.connection().close(CloseCode.DEFECT);
        }
    }

    private void pass(Session session, ByteBuf frame) {
        if (!session.connection().isClosing()) {
            relay.accept(session.connection(), session.rates(), frame);
        }
    }

    private void accept(Session session, String json) {
        try {
            ClientMessage message = messages.readValue(json);
            if (message instanceof ClientMessage.Watch watch) {
                watch(session, watch);
            } else if (message instanceof ClientMessage.Reauth reauth) {
                reauthenticate(session, reauth);
            } else {
                session.connection().closeAsMalformed();
            }
        } catch (JsonProcessingException malformed) {
            session.connection().closeAsMalformed();
        }
    }

    private void watch(Session session, ClientMessage.Watch watch) {
        DeviceConnection connection = session.connection();
        if (watch.list().size() > settings.limits().watchedAccounts()) {
            connection.closeAsMalformed();
            return;
        }
        if (!session.watchPasses()) {
            drops.count(Dropped.RATE_LIMITED);
            connection.answer(ServerMessage.Error.of(CommonProblem.RATE_LIMITED));
            return;
        }
        presence.watch(connection, watch.list());
    }

    private void reauthenticate(Session session, ClientMessage.Reauth reauth) {
        if (!session.reauthPasses()) {
            drops.count(Dropped.RATE_LIMITED);
            session.connection().answer(ServerMessage.Error.of(CommonProblem.RATE_LIMITED));
            return;
        }
        reauthentication.renew(session, reauth.token());
    }
}
