package org.messengerp2p.signaling.socket;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.signaling.connection.CloseCode;
import org.messengerp2p.signaling.connection.ServerMessage;
import org.messengerp2p.signaling.presence.Presence;
import org.messengerp2p.signaling.revocation.RevokedDevices;
import org.messengerp2p.signaling.socket.SocketTokens.SocketToken;

/** Checks a token that comes over an open socket as the handshake checked the first. */
@ApplicationScoped
class Reauthentication {

    private final SocketTokens tokens;
    private final RevokedDevices revoked;
    private final Presence presence;

    Reauthentication(SocketTokens tokens, RevokedDevices revoked, Presence presence) {
        this.tokens = tokens;
        this.revoked = revoked;
        this.presence = presence;
    }

    /**
     * Lets the session go on until its new token ends, or ends it. A token that cannot be judged now changes nothing:
     * the device is told, and has the old one's time to show it again.
     */
    void renew(Session session, String token) {
        Device device = session.connection().device();
        try {
            Optional<SocketToken> renewed =
                    tokens.read(token).filter(read -> read.device().equals(device));
            if (renewed.isPresent() && !revoked.contains(device)) {
                session.tokenEnds(renewed.get().ends());
                presence.askAgain(session.connection());
            } else {
                session.connection().close(CloseCode.UNAUTHORIZED);
            }
        } catch (ProblemException notNow) {
            session.connection().answer(ServerMessage.Error.of(notNow.type()));
        }
    }
}
