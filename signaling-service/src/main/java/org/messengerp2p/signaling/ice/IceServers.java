package org.messengerp2p.signaling.ice;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.SignalingSettings;

/** The STUN and TURN servers of the settings. Settings that cannot work stop the service at its start. */
@ApplicationScoped
@Startup
public class IceServers {

    private static final int MOST_DEVICES = 100_000;

    private final List<String> stunUris;
    private final List<String> turnUris;
    private final byte[] turnSecret;
    private final TurnNames names;
    private final Duration life;
    private final Clock clock;

    IceServers(SignalingSettings settings, Clock clock) {
        SignalingSettings.Ice ice = settings.ice();
        this.stunUris = requireScheme(ice.stunUris(), "stun:", "stuns:");
        this.turnUris = requireScheme(ice.turnUris(), "turn:", "turns:");
        this.turnSecret = turnUris.isEmpty() ? null : read(ice.turnSecretFile());
        this.life = ice.credentialLife();
        this.names = new TurnNames(life, MOST_DEVICES);
        this.clock = clock;
    }

    /** What the browser of a device is told now. */
    public IceConfiguration of(Device device) {
        Instant now = clock.instant();
        List<IceServer> servers = new ArrayList<>();
        if (!stunUris.isEmpty()) {
            servers.add(IceServer.stun(stunUris));
        }
        Duration good = life;
        if (!turnUris.isEmpty()) {
            TurnNames.Name name = names.of(device, now);
            servers.add(IceServer.turn(turnUris, TurnCredential.of(name.text(), turnSecret)));
            good = Duration.between(now, name.end());
        }
        return new IceConfiguration(List.copyOf(servers), good.toSeconds());
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
