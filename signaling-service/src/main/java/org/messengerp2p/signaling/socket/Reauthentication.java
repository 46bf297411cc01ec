package org.messengerp2p.signaling.socket;

import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.TokenVerifier;

/** Checks a token that comes over an open socket as the handshake checked the first. */
@ApplicationScoped
class Reauthentication {

    private final TokenVerifier verifier;

    Reauthentication(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    /** @return when the token ends; empty unless it is good, for this service, and of this device */
    Optional<Instant> endOf(String token, Device device) {
        try {
            JsonWebToken verified = verifier.parse(token, null);
            boolean good = verified.getAudience() != null
                    && verified.getAudience().contains(Audience.SIGNALING)
                    && isOf(device, Caller.of(verified));
            return good ? Optional.of(TokenLife.endOf(verified)) : Optional.empty();
        } catch (ParseException | IllegalArgumentException bad) {
            return Optional.empty();
        }
    }

    private static boolean isOf(Device device, Caller caller) {
        return caller.account().equals(device.account())
                && caller.device().filter(device.device()::equals).isPresent();
    }
}
