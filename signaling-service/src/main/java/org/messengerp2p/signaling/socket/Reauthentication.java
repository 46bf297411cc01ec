package org.messengerp2p.signaling.socket;

import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.TokenVerifier;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.signaling.connection.CloseCode;
import org.messengerp2p.signaling.connection.ServerMessage;
import org.messengerp2p.signaling.presence.Presence;
import org.messengerp2p.signaling.revocation.RevokedDevices;

/** Checks a token that comes over an open socket as the handshake checked the first. */
@ApplicationScoped
class Reauthentication {

    private final TokenVerifier verifier;
    private final RevokedDevices revoked;
    private final Presence presence;

    Reauthentication(TokenVerifier verifier, RevokedDevices revoked, Presence presence) {
        this.verifier = verifier;
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
            JsonWebToken verified = verifier.parse(token, null);
            if (isFor(device, verified) && !revoked.contains(device)) {
                session.tokenEnds(TokenLife.endOf(verified));
                presence.askAgain(session.connection());
            } else {
                session.connection().close(CloseCode.UNAUTHORIZED);
            }
        } catch (ParseException | IllegalArgumentException bad) {
            session.connection().close(CloseCode.UNAUTHORIZED);
        } catch (ProblemException notNow) {
            session.connection().answer(ServerMessage.Error.of(notNow.type()));
        }
    }

    private static boolean isFor(Device device, JsonWebToken token) {
        if (token.getAudience() == null || !token.getAudience().contains(Audience.SIGNALING)) {
            return false;
        }
        Caller caller = Caller.of(token);
        return caller.account().equals(device.account())
                && caller.device().filter(device.device()::equals).isPresent();
    }
}
