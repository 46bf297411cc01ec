package org.messengerp2p.bench.ejabberd;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.messengerp2p.bench.relay.Sockets;

/** One user's XMPP over WebSocket (RFC 7395): SASL PLAIN, a resource, messages. One frame is one stanza. */
final class XmppSession {

    private static final String OPEN =
            "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>";
    private static final String BIND = "<iq xmlns='jabber:client' type='set' id='b'>"
            + "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>r</resource></bind></iq>";

    private static final String PRESENCE = "<presence xmlns='jabber:client'/>";
    private static final String BODY = "<body>";

    private final WebSocket socket;
    private final int user;
    private final Promise<XmppSession> bound = Promise.promise();
    private Step step = Step.OFFER;
    private Promise<Integer> drained;
    private int expected;
    private int received;
    private Promise<Void> online;
    private Consumer<String> bodies;

    private XmppSession(WebSocket socket, int user) {
        this.socket = socket;
        this.user = user;
        socket.textMessageHandler(this::accept);
        socket.closeHandler(closed -> bound.tryFail("closed at " + step));
        socket.writeTextMessage(OPEN);
    }

    private enum Step {
        OFFER,
        AUTHENTICATION,
        SECOND_OFFER,
        BINDING,
        BOUND
    }

    static Future<XmppSession> open(Sockets sockets, int user) {
        return sockets.open(user, "/ws", List.of("xmpp"))
                .compose(socket -> new XmppSession(socket, user).bound.future());
    }

    /** Completes when it is written: XMPP does not confirm a message. */
    Future<Void> send(int to, String body) {
        return socket.writeTextMessage("<message xmlns='jabber:client' type='chat' to='u" + to + "@localhost'><body>"
                + body + "</body></message>");
    }

    /** The first presence brings what waits (XEP-0160); the server deletes it as it sends. */
    Future<Integer> takeWhatWaits(int count) {
        drained = Promise.promise();
        expected = count;
        socket.writeTextMessage(PRESENCE);
        return drained.future();
    }

    /** Completes when the server has told the user's own devices, this one among them (RFC 6121 §4.2.2). */
    Future<Void> comeOnline(Consumer<String> bodies) {
        this.bodies = bodies;
        online = Promise.promise();
        socket.writeTextMessage(PRESENCE);
        return online.future();
    }

    Future<Void> close() {
        return socket.close();
    }

    private void accept(String stanza) {
        if (step == Step.BOUND) {
            receive(stanza);
        } else if (!stanza.startsWith("<open")) {
            handshake(stanza);
        }
    }

    private void handshake(String stanza) {
        switch (step) {
            case OFFER -> {
                step = Step.AUTHENTICATION;
                String proof = "\0u" + user + "\0p" + user;
                socket.writeTextMessage("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"
                        + Base64.getEncoder().encodeToString(proof.getBytes(StandardCharsets.UTF_8)) + "</auth>");
            }
            case AUTHENTICATION -> proceed(stanza, "<success", Step.SECOND_OFFER, OPEN);
            case SECOND_OFFER -> proceed(stanza, "bind", Step.BINDING, BIND);
            default -> {
                if (stanza.contains("result")) {
                    step = Step.BOUND;
                    bound.tryComplete(this);
                } else {
                    bound.tryFail("not bound: " + stanza);
                }
            }
        }
    }

    private void proceed(String stanza, String wanted, Step next, String answer) {
        if (stanza.contains(wanted)) {
            step = next;
            socket.writeTextMessage(answer);
        } else {
            bound.tryFail(step + " answered " + stanza);
        }
    }

    private void receive(String stanza) {
        int body = stanza.indexOf(BODY);
        if (body < 0) {
            if (online != null && stanza.startsWith("<presence")) {
                online.tryComplete();
            }
        } else if (bodies != null) {
            bodies.accept(stanza.substring(body + BODY.length()));
        } else if (drained != null) {
            received++;
            if (received >= expected) {
                drained.tryComplete(received);
            }
        }
    }
}
