package org.messengerp2p.signaling;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.kit.identity.VerificationKeys;
import org.messengerp2p.testkit.JwksResource;
import org.messengerp2p.testkit.SocketProbe;
import org.messengerp2p.testkit.TestTokens;

/** What every test over a real socket needs. */
@WithTestResource(JwksResource.class)
@WithTestResource(AuthDouble.class)
@WithTestResource(MailboxDouble.class)
public abstract class LiveSocketTest {

    @TestHTTPResource("/ws")
    protected URI http;

    @Inject
    VerificationKeys keys;

    private final List<SocketProbe> opened = new ArrayList<>();

    @BeforeEach
    void awaitKeys() throws InterruptedException {
        while (!keys.loaded()) {
            Thread.sleep(20);
        }
    }

    @AfterEach
    void closeAll() {
        opened.forEach(SocketProbe::close);
    }

    protected URI ws() {
        return URI.create(http.toString().replaceFirst("^http", "ws"));
    }

    protected static String token(Device device) {
        return TestTokens.access(device, Audience.SIGNALING);
    }

    protected static Device newDevice() {
        return deviceOf(new AccountId(UUID.randomUUID()));
    }

    protected static Device deviceOf(AccountId account) {
        return new Device(account, new DeviceId(ThreadLocalRandom.current().nextLong(1, 1L << 32)));
    }

    /** Connected, and its first two messages read. */
    protected SocketProbe connect(Device device) {
        return connect(device, token(device));
    }

    protected SocketProbe connect(Device device, String token) {
        SocketProbe probe = SocketProbe.open(ws(), token);
        opened.add(probe);
        probe.next("hello");
        probe.next("presence");
        return probe;
    }

    /** Watches and waits until the server has taken note. */
    protected static void watch(SocketProbe probe, Device... devices) {
        probe.send(watchMessage(devices));
        for (Device ignored : devices) {
            probe.next("presence");
        }
    }

    protected static JsonObject watchMessage(Device... devices) {
        return watchMessage(new byte[16], devices);
    }

    protected static JsonObject watchMessage(byte[] token, Device... devices) {
        JsonArray list = new JsonArray();
        for (Device device : devices) {
            list.add(new JsonObject()
                    .put("account", device.account().base64url())
                    .put("token", Base64.getUrlEncoder().withoutPadding().encodeToString(token)));
        }
        return new JsonObject().put("t", "watch").put("list", list);
    }
}
