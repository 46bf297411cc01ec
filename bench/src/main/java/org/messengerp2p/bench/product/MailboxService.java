package org.messengerp2p.bench.product;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.SelfSignedCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.messengerp2p.bench.database.BenchPostgres;
import org.messengerp2p.bench.load.Bodies;
import org.messengerp2p.bench.load.Candidate;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.process.Child;
import org.messengerp2p.bench.process.Jvm;

/**
 * mailbox-service, packaged, as a process of its own. Its settings are those it ships with but for its limits of rate,
 * which are lifted: the load comes from one address.
 */
public final class MailboxService implements Candidate {

    private static final String DATABASE = "mailbox";
    private static final String NO_LIMIT = "1000000/PT1S/1000000";
    private static final int SENDERS = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final BenchPostgres postgres;
    private final Way way;
    private final AuthStandIn auth;
    private final Child server;
    private final Ports ports;
    private final List<Recipient> recipients = new ArrayList<>();
    private final List<Recipient> senders = new ArrayList<>();

    private MailboxService(BenchPostgres postgres, Way way, AuthStandIn auth, Child server, Ports ports) {
        this.postgres = postgres;
        this.way = way;
        this.auth = auth;
        this.server = server;
        this.ports = ports;
    }

    /** @param application the {@code quarkus-app} directory of its build */
    public static MailboxService start(BenchPostgres postgres, Path directory, Path application, Way way)
            throws InterruptedException {
        postgres.createAnew(DATABASE);
        AuthStandIn auth = new AuthStandIn();
        Ports ports = Ports.free();
        Map<String, String> settings = new HashMap<>(auth.settings());
        settings.putAll(ports.settings());
        settings.putAll(database(postgres.port()));
        settings.putAll(limits());
        settings.put(
                "mp2p.mailbox.keyset",
                directory.resolve("secrets/envelopes.json").toString());
        if (way.tls()) {
            settings.putAll(tls());
        }
        Child server = Child.start(
                Jvm.runningJar(application.resolve("quarkus-run.jar"), settings),
                Map.of(),
                directory.resolve("mailbox-service.log"));
        server.awaitUntil(() -> Health.isReady(ports.management()));
        return new MailboxService(postgres, way, auth, server, ports);
    }

    @Override
    public boolean compilesWhileItRuns() {
        return true;
    }

    @Override
    public List<Long> processes() {
        return List.of(server.pid());
    }

    @Override
    public void prepare(int boxes) throws Exception {
        Stream.generate(Recipient::random).limit(boxes).forEach(recipients::add);
        Stream.generate(Recipient::random).limit(SENDERS).forEach(senders::add);
        try (Generator setup = new Generator()) {
            setup.await(PATIENCE, () -> handOverLists(setup));
            List<String> tokens =
                    recipients.stream().map(Recipient::newAccessToken).toList();
            setup.await(PATIENCE, () -> putDeliveryTokens(setup, tokens));
        }
    }

    @Override
    public RestClient client(Generator generator) {
        Calls calls = new Calls(generator.vertx(), port(), way.tls(), way.connections());
        List<String> tokens =
                way.signedIn() ? senders.stream().map(Recipient::newAccessToken).toList() : List.of();
        return new RestClient(calls, way.connections(), recipients, tokens);
    }

    @Override
    public long waiting() {
        return postgres.number(DATABASE, "select count(*) from envelope");
    }

    /** Length of a message of {@link Bodies#BYTES} as it lies in the table. */
    public int sealedBytes() {
        return (int) postgres.number(DATABASE, "select octet_length(sealed) from envelope limit 1");
    }

    public int port() {
        return way.tls() ? ports.tls() : ports.http();
    }

    @Override
    public void close() {
        server.close();
        auth.close();
    }

    /** As auth-service does. */
    private Future<Void> handOverLists(Generator setup) {
        Calls internal = new Calls(setup.vertx(), ports.internal(), false, SENDERS);
        List<Future<Buffer>> answers = Stream.concat(recipients.stream(), senders.stream())
                .map(each -> internal.call(
                        HttpMethod.PUT,
                        "/internal/v1/devices/" + each.account(),
                        AuthStandIn.SECRET,
                        Buffer.buffer("{\"list_version\":1,\"devices\":["
                                + each.device().device().value() + "]}")))
                .toList();
        return Future.all(answers).mapEmpty();
    }

    private Future<Void> putDeliveryTokens(Generator setup, List<String> tokens) {
        RestClient client = client(setup);
        List<Future<Void>> answers = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            answers.add(client.putDeliveryToken(recipients.get(i), tokens.get(i)));
        }
        return Future.all(answers).mapEmpty();
    }

    private static Map<String, String> database(int port) {
        String address = "127.0.0.1:" + port + "/" + DATABASE;
        String prefix = "quarkus.datasource." + DATABASE;
        return Map.of(
                prefix + ".jdbc.url",
                "jdbc:postgresql://" + address,
                prefix + ".reactive.url",
                "postgresql://" + address,
                prefix + ".username",
                BenchPostgres.USER,
                prefix + ".password",
                BenchPostgres.PASSWORD);
    }

    private static Map<String, String> limits() {
        return Stream.of("deliver", "deliver-by-address", "messages", "device")
                .collect(Collectors.toMap(limit -> "mp2p.mailbox.limits." + limit, limit -> NO_LIMIT));
    }

    private static Map<String, String> tls() {
        SelfSignedCertificate certificate = SelfSignedCertificate.create("localhost");
        return Map.of(
                "quarkus.http.ssl.certificate.files", certificate.certificatePath(),
                "quarkus.http.ssl.certificate.key-files", certificate.privateKeyPath());
    }

    private record Ports(int http, int tls, int management, int internal) {

        static Ports free() {
            return new Ports(Child.freePort(), Child.freePort(), Child.freePort(), Child.freePort());
        }

        Map<String, String> settings() {
            return Map.of(
                    "quarkus.http.port", String.valueOf(http),
                    "quarkus.http.ssl-port", String.valueOf(tls),
                    "quarkus.management.port", String.valueOf(management),
                    "mp2p.internal.port", String.valueOf(internal));
        }
    }
}
