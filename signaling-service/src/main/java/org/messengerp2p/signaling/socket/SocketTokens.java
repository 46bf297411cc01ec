package org.messengerp2p.signaling.socket;

import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.TokenVerifier;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * Reads the tokens of sockets, at the handshake and after it. Quarkus' own security is left out: it keeps for each open
 * socket the request it began with, the token in it, and a timer of its own (docs/adr/0048).
 */
@ApplicationScoped
class SocketTokens {

    private final TokenVerifier verifier;

    SocketTokens(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    /** Whose a token is that opens a socket, and when it ends. */
    record SocketToken(Device device, Instant ends) {}

    /**
     * @return empty if it opens no socket, whatever is wrong with it
     * @throws ProblemException unavailable, while it cannot be judged
     */
    Optional<SocketToken> read(String token) {
        try {
            JsonWebToken verified = verifier.parse(token, null);
            Set<String> audience = verified.getAudience();
            if (audience == null || !audience.contains(Audience.SIGNALING)) {
                return Optional.empty();
            }
            Caller caller = Caller.of(verified);
            return caller.device()
                    .map(device -> new SocketToken(new Device(caller.account(), device), endOf(verified)));
        } catch (ParseException | IllegalArgumentException wrong) {
            return Optional.empty();
        }
    }

    private static Instant endOf(JsonWebToken token) {
        return Instant.ofEpochSecond(token.getExpirationTime());
    }
}
