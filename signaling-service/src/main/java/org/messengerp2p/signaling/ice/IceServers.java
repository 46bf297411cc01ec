package org.messengerp2p.signaling.ice;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.messengerp2p.signaling.SignalingSettings;

/** The STUN and TURN servers of the settings. Settings that cannot work stop the service at its start. */
@ApplicationScoped
@Startup
public class IceServers {

    private final List<String> stunUris;
    private final List<String> turnUris;
    private final byte[] turnSecret;
    private final Duration life;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    IceServers(SignalingSettings settings, Clock clock) {
        SignalingSettings.Ice ice = settings.ice();
        this.stunUris = requireScheme(ice.stunUris(), "stun:", "stuns:");
        this.turnUris = requireScheme(ice.turnUris(), "turn:", "turns:");
        this.turnSecret = turnUris.isEmpty() ? null : read(ice.turnSecretFile());
        this.life = ice.credentialLife();
        this.clock = clock;
    }

    /** What a browser is told now; every call makes a new TURN credential. */
    public IceConfiguration now() {
        List<IceServer> servers = new ArrayList<>();
        if (!stunUris.isEmpty()) {
            servers.add(IceServer.stun(stunUris));
        }
        if (!turnUris.isEmpty()) {
            servers.add(IceServer.turn(
                    turnUris, TurnCredential.until(clock.instant().plus(life), turnSecret, random)));
        }
        return new IceConfiguration(List.copyOf(servers), life.toSeconds());
    }

    private static List<String> requireScheme(Optional<List<String>> uris, String plain, String secured) {
        List<String> given = uris.orElse(List.of());
        for (String uri : given) {
            if (!uri.startsWith(plain) && !uri.startsWith(secured)) {
                throw new IllegalStateException("an ICE URI begins with " + plain + " or " + secured + ": " + uri);
            }
        }
        return List.copyOf(given);
    }

    private static byte[] read(Optional<Path> file) {
        Path path = file.orElseThrow(() -> new IllegalStateException(
                "mp2p.signaling.ice.turn-uris is set, but not mp2p.signaling.ice.turn-secret-file"));
        try {
            String secret = Files.readString(path, StandardCharsets.UTF_8).strip();
            if (secret.isEmpty()) {
                throw new IllegalStateException("mp2p.signaling.ice.turn-secret-file is empty");
            }
            return secret.getBytes(StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new IllegalStateException("mp2p.signaling.ice.turn-secret-file cannot be read", unreadable);
        }
    }
}
