package org.messengerp2p.bench.ejabberd;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.messengerp2p.bench.load.MailboxClient;
import org.messengerp2p.bench.relay.Sockets;

/** A few senders that stay connected, and recipients that come when they take what waits. */
final class XmppClient implements MailboxClient {

    private static final int STANZAS_A_SENDER = 16;

    private final Sockets sockets;
    private final List<XmppSession> senders;
    private final Map<Integer, XmppSession> recipients = new HashMap<>();
    private int sent;

    XmppClient(Sockets sockets, List<XmppSession> senders) {
        this.sockets = sockets;
        this.senders = senders;
    }

    @Override
    public Future<Void> store(int box, Buffer body) {
        String text = Base64.getEncoder().encodeToString(body.getBytes());
        return senders.get(sent++ % senders.size()).send(box, text);
    }

    @Override
    public int window() {
        return STANZAS_A_SENDER * senders.size();
    }

    @Override
    public boolean confirms() {
        return false;
    }

    @Override
    public Future<Void> signIn(int box) {
        return XmppSession.open(sockets, box)
                .onSuccess(session -> recipients.put(box, session))
                .mapEmpty();
    }

    @Override
    public Future<Integer> drain(int box, int expected) {
        return recipients.get(box).takeWhatWaits(expected);
    }

    @Override
    public Future<Void> close() {
        return Future.join(Stream.concat(senders.stream(), recipients.values().stream())
                        .map(XmppSession::close)
                        .toList())
                .mapEmpty();
    }
}
