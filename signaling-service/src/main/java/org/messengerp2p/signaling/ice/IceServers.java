package org.messengerp2p.signaling.ice;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.secret.SharedSecret;
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
        this.stunUris = ice.stunUris().map(List::copyOf).orElse(List.of());
        this.turnUris = ice.turnUris().map(List::copyOf).orElse(List.of());
        this.turnSecret = turnUris.isEmpty() ? null : turnSecret(ice).read().getBytes(StandardCharsets.UTF_8);
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

    /** A sentence for each of them that could not work. */
    public static List<String> wrongOf(SignalingSettings.Ice settings) {
        List<String> wrong = new ArrayList<>();
        settings.stunUris()
                .ifPresent(uris -> uris.forEach(uri -> IceUri.whyNoStun(uri).ifPresent(wrong::add)));
        settings.turnUris().ifPresent(uris -> {
            uris.forEach(uri -> IceUri.whyNoTurn(uri).ifPresent(wrong::add));
            try {
                turnSecret(settings).read();
            } catch (ConfigurationException sentence) {
                wrong.add(sentence.getMessage());
            }
        });
        return wrong;
    }

    private static SharedSecret turnSecret(SignalingSettings.Ice settings) {
        return new SharedSecret("mp2p.signaling.ice.turn-secret-file", settings.turnSecretFile(), 1);
    }
}
