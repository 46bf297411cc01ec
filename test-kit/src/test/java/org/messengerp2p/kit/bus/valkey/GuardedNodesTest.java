package org.messengerp2p.kit.bus.valkey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SelfSignedCertificate;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.BusSettings;
import org.messengerp2p.kit.bus.HeardEvents;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.ValkeyServer;

/** Two nodes that ask for TLS and a password: what {@code quarkus.redis.*} says of the first holds for the further one. */
class GuardedNodesTest {

    private static final String PASSWORD = "a-password-of-this-test-alone";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final SelfSignedCertificate certificate = SelfSignedCertificate.create("localhost");
    private final List<ValkeyServer> servers =
            Stream.generate(ValkeyServer::started).limit(2).toList();

    @AfterEach
    void close() {
        await(vertx.close());
        servers.forEach(ValkeyServer::close);
        certificate.delete();
    }

    @Test
    void areAllReachedByTheSettingsOfTheFirst() throws InterruptedException {
        servers.forEach(this::askForThePassword);
        List<Integer> ports = servers.stream().map(this::startTlsBefore).toList();
        ValkeyOptions options = new ValkeyOptions(null);
        options.customize("<default>", firstAt(ports.get(0)));

        try (BusOfReplica bus =
                new BusOfReplica(Map.of(), options.ofEachNode(furtherNode("rediss://LOCALHOST:" + ports.get(1))))) {
            Eventually.isTrue("both are connected", () -> bus.up() == 2);

            for (int node = 0; node < 2; node++) {
                BusEvent event = new BusEvent.Mail(deviceAt(bus, node));
                HeardEvents heard = HeardEvents.of(bus.bus(), ((BusEvent.Mail) event).device());
                assertTrue(bus.bus().deliver(event).await().atMost(PATIENCE));
                assertEquals(event, heard.next());
            }
        }
    }

    private RedisOptions firstAt(int port) {
        return new RedisOptions()
                .addConnectionString("rediss://localhost:" + port)
                .setPassword(PASSWORD)
                .setNetClientOptions(new NetClientOptions()
                        .setSsl(true)
                        .setHostnameVerificationAlgorithm("HTTPS")
                        .setTrustOptions(certificate.trustOptions()));
    }

    private static BusSettings furtherNode(String node) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(BusSettings.class)
                .withDefaultValue("mp2p.bus.further-nodes", node)
                .build()
                .getConfigMapping(BusSettings.class);
    }

    private void askForThePassword(ValkeyServer server) {
        Redis client = Redis.createClient(vertx, server.url());
        await(client.send(
                Request.cmd(Command.CONFIG).arg("SET").arg("requirepass").arg(PASSWORD)));
        client.close();
    }

    /** @return where a server of TLS passes on what comes to the node */
    private int startTlsBefore(ValkeyServer server) {
        NetClient client = vertx.createNetClient();
        NetServerOptions options = new NetServerOptions().setSsl(true).setKeyCertOptions(certificate.keyCertOptions());
        return await(vertx.createNetServer(options)
                        .connectHandler(outer -> {
                            outer.pause();
                            client.connect(server.port(), "127.0.0.1")
                                    .onSuccess(inner -> join(outer, inner))
                                    .onFailure(unreached -> outer.close());
                        })
                        .listen(0, "localhost"))
                .actualPort();
    }

    private static void join(NetSocket outer, NetSocket inner) {
        outer.pipeTo(inner);
        inner.pipeTo(outer);
    }

    private static Device deviceAt(BusOfReplica bus, int node) {
        AccountId account = new AccountId(UUID.randomUUID());
        while (bus.nodeOf(account) != node) {
            account = new AccountId(UUID.randomUUID());
        }
        return new Device(account, new DeviceId(1));
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
