package org.messengerp2p.signaling.revocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.signaling.AuthDouble;
import org.messengerp2p.signaling.PackagedService;
import org.messengerp2p.signaling.SignalingSettings;
import org.messengerp2p.testkit.SocketProbe;
import org.messengerp2p.testkit.TestTokens;

/** The packaged service, from its start on. */
@Timeout(60)
class RevocationIT {

    /** Longer than the test: what the first page lacks must come by asking at once. */
    private static final Map<String, String> SELDOM = Map.of("mp2p.signaling.revocations.every", "PT1H");

    private static final Map<String, String> OFTEN = Map.of("mp2p.signaling.revocations.every", "PT0.05S");
    private static final Map<String, String> BUS_AWAY =
            Map.of("mp2p.bus.kind", "valkey", "quarkus.redis.hosts", "redis://127.0.0.1:1");
    private static final Map<String, String> NO_SECRET = Map.of("mp2p.internal.secret-file", "");

    private final Device[] devices = LongStream.rangeClosed(1, 3)
            .mapToObj(id -> new Device(new AccountId(UUID.randomUUID()), new DeviceId(id)))
            .toArray(Device[]::new);

    @Test
    void asksAtItsStartForAllOfWhichATokenMayBeGood() throws Exception {
        AuthDouble auth = new AuthDouble();
        auth.remove(devices);

        try (PackagedService service = new PackagedService("96m", SELDOM, auth)) {
            for (Device device : devices) {
                try (SocketProbe socket =
                        SocketProbe.open(service.ws(), TestTokens.access(device, Audience.SIGNALING))) {
                    assertEquals(4401, socket.end().code());
                }
            }
        }
    }

    /**
     * By default the bus may lose what it tells: the question that just missed a removal, the pause, and an answer as
     * late as it may be are less than five seconds together. The wait here is longer, for a busy machine.
     */
    @Test
    void endsTheConnectionWithoutTheBusWithinFiveSecondsByDefault() throws Exception {
        AuthDouble auth = new AuthDouble();
        try (PackagedService service = new PackagedService("96m", BUS_AWAY, auth);
                SocketProbe socket =
                        SocketProbe.open(service.ws(), TestTokens.access(devices[0], Audience.SIGNALING))) {
            socket.next("presence");
            assertEquals(0, service.metric("mp2p_bus_up"));
            auth.nextQuestion();

            auth.remove(devices[0]);

            assertEquals(4401, socket.end().code());
            assertEquals(1, service.metric("mp2p_signaling_closed_revoked_total"));
        }
        SignalingSettings.Revocations settings = defaults().revocations();
        Duration interval =
                settings.every().compareTo(settings.patience()) > 0 ? settings.every() : settings.patience();
        Duration worst = interval.plus(settings.patience());
        assertTrue(worst.compareTo(Duration.ofMillis(4_500)) <= 0, "known after " + worst);
    }

    @Test
    void isReadyWithoutAuthServiceAndSaysOnceThatItIsAwayAndOnceThatItIsBack() throws Exception {
        AuthDouble auth = new AuthDouble();
        auth.refuse(true);

        try (PackagedService service = new PackagedService("96m", OFTEN, auth)) {
            for (int questions = 0; questions < 5; questions++) {
                auth.nextQuestion();
            }
            auth.refuse(false);
            auth.awaitTold();
            auth.nextQuestion();

            String log = service.log();
            assertEquals(1, count(log, "auth-service cannot be asked"), log);
            assertEquals(1, count(log, "auth-service can be asked again"), log);
        }
    }

    @Test
    void doesNotStartWithoutTheSecret() {
        AssertionError refused =
                assertThrows(AssertionError.class, () -> new PackagedService("96m", NO_SECRET, new AuthDouble()));

        assertTrue(refused.getMessage().contains("mp2p.internal.secret-file is not set"), refused.getMessage());
    }

    private static SignalingSettings defaults() {
        return new SmallRyeConfigBuilder()
                .withMapping(SignalingSettings.class)
                .withConverter(MemorySize.class, 200, new MemorySizeConverter())
                .build()
                .getConfigMapping(SignalingSettings.class);
    }

    private static long count(String log, String part) {
        return log.lines().filter(line -> line.contains(part)).count();
    }
}
