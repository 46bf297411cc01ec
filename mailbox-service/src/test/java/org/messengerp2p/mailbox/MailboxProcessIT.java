package org.messengerp2p.mailbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.testkit.Citus;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.JwksResource;
import org.messengerp2p.testkit.PostgresResource;

/** The packaged service as a process of its own, killed at the worst moments. */
class MailboxProcessIT {

    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");

    private final PostgresResource postgres = new PostgresResource();
    private final JwksResource jwks = new JwksResource();
    private final AuthDouble auth = new AuthDouble();
    private final Map<String, String> settings = new HashMap<>();
    private final List<Service> started = new ArrayList<>();

    @TempDir
    Path folder;

    @BeforeEach
    void startWhatItNeeds() {
        postgres.init(Map.of("datasource", "mailbox"));
        settings.putAll(postgres.start());
        settings.putAll(jwks.start());
        settings.putAll(auth.start());
        settings.put(
                "mp2p.mailbox.keyset", folder.resolve("secrets/envelopes.json").toString());
        settings.put("mp2p.internal.port", "0");
        settings.put("quarkus.http.port", "0");
        settings.put("quarkus.management.port", "0");
    }

    @AfterEach
    void stopAll() throws Exception {
        for (Service service : started) {
            service.kill();
        }
        auth.stop();
        jwks.stop();
        postgres.stop();
    }

    @Test
    void whatWasStoredSurvivesAKillAndGoesByAcknowledgementOnly() throws Exception {
        Device bob = MailboxTest.newDevice();
        authKnows(bob);
        List<byte[]> envelopes =
                Stream.generate(() -> MailboxTest.random(500)).limit(5).toList();

        Service first = start();
        for (byte[] envelope : envelopes) {
            first.api
                    .messages(bob, bob.account(), 1, Addressed.to(bob, envelope))
                    .is(200);
        }
        first.kill();

        Service second = start();
        Answer page = second.api.collect(bob);
        assertEquals(5, page.envelopes().size());
        second.api.ack(bob, page.ids().subList(0, 2)).is(204);
        second.kill();

        Service third = start();
        List<byte[]> left = third.api.collect(bob).envelopes();
        assertEquals(3, left.size());
        for (int i = 0; i < left.size(); i++) {
            assertArrayEquals(envelopes.get(i + 2), left.get(i));
        }
    }

    @Test
    void itsMetricsCountAndItsLogNamesNobody() throws Exception {
        Device bob = MailboxTest.newDevice();
        authKnows(bob);
        Service service = start();
        service.api
                .messages(bob, bob.account(), 1, Addressed.to(bob, MailboxTest.random(500)))
                .is(200);
        service.api
                .messages(bob, bob.account(), 1, Addressed.to(bob, MailboxTest.random(500)))
                .is(200);
        service.api.ack(bob, service.api.collect(bob).ids().subList(0, 1)).is(204);
        service.api
                .deliver(bob.account(), MailboxTest.random(16), 1, Addressed.to(bob, MailboxTest.random(9)))
                .isProblem(401, "delivery-token");

        String metrics = service.metrics();
        assertTrue(metrics.contains("mp2p_mailbox_stored_total 2.0"), metrics);
        assertTrue(metrics.contains("mp2p_mailbox_collected_total 2.0"), metrics);
        assertTrue(metrics.contains("mp2p_mailbox_acknowledged_total 1.0"), metrics);
        service.kill();
        String log = String.join("\n", service.log);
        assertTrue(log.contains("mailbox-service"), "the search finds what is there");
        for (String id :
                List.of(bob.account().base64url(), bob.account().value().toString())) {
            assertFalse(log.contains(id));
            assertFalse(metrics.contains(id));
        }
        assertFalse(log.contains(MailboxApi.tokenOf(bob)));
        assertFalse(log.contains("Unrecognized configuration key"), log);
    }

    /** Each announces as large a body as may be, from an address of its own, and sends half a megabyte of it. */
    @Test
    void aThousandLargeBodiesDoNotEndItAndOthersAreServedMeanwhile() throws Exception {
        Device bob = MailboxTest.newDevice();
        authKnows(bob);
        settings.put("quarkus.http.proxy.proxy-address-forwarding", "true");
        settings.put("quarkus.http.proxy.trusted-proxies", "127.0.0.1");
        Service service = start();
        byte[] part = new byte[500_000];
        Arrays.fill(part, (byte) ' ');
        List<Socket> flood = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            flood.add(service.upload("10." + i / 250 + "." + i % 250 + ".1", part));
        }

        service.api
                .from("192.0.2.1")
                .messages(bob, bob.account(), 1, Addressed.to(bob, MailboxTest.random(5_000)))
                .is(200);
        assertEquals(1, service.api.from("192.0.2.1").collect(bob).envelopes().size());
        assertTrue(service.metrics().contains("mp2p_http_bodies_refused_total 9"), "most were refused");
        for (Socket socket : flood) {
            socket.close();
        }
        Eventually.isTrue("all room is free again", () -> service.metricsNow().contains("mp2p_http_bodies_held 0.0"));
    }

    private void authKnows(Device device) {
        URI control = URI.create(settings.get("mp2p.mailbox.auth-internal-url"))
                .resolve("/test/devices/" + device.account().base64url());
        String list = "{\"list_version\":1,\"devices\":[" + device.device().value() + "]}";
        MailboxApi.send(HttpRequest.newBuilder(control).PUT(HttpRequest.BodyPublishers.ofString(list)))
                .is(200);
    }

    private Service start() throws Exception {
        Service service = new Service(settings);
        started.add(service);
        service.awaitReady();
        try (Connection database = DriverManager.getConnection(
                settings.get("quarkus.datasource.mailbox.jdbc.url"),
                settings.get("quarkus.datasource.mailbox.username"),
                settings.get("quarkus.datasource.mailbox.password"))) {
            Citus.distribute(database);
        }
        return service;
    }

    /** One process. */
    private static final class Service {

        private static final Pattern LISTENING =
                Pattern.compile("Listening on: (http://\\S+?)\\. Management interface listening on (http://\\S+?)\\.$");

        private final Process process;
        private final List<String> log = new ArrayList<>();
        private final CompletableFuture<Matcher> listening = new CompletableFuture<>();
        private final Thread reader = new Thread(this::read, "service log");
        private URI http;
        private URI management;
        private MailboxApi api;

        Service(Map<String, String> settings) throws IOException {
            List<String> command = new ArrayList<>();
            command.add(ProcessHandle.current().info().command().orElse("java"));
            command.addAll(List.of("-Xmx192m", "-XX:TieredStopAtLevel=1"));
            settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
            command.add("-jar");
            command.add(JAR.toString());
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            reader.start();
        }

        void awaitReady() throws Exception {
            Matcher addresses = listening.get(60, TimeUnit.SECONDS);
            http = URI.create(addresses.group(1));
            api = new MailboxApi(http);
            management = URI.create(addresses.group(2));
            // Keys are read after the start; there is no event of it outside the process.
            while (get("/q/health/ready").status() != 200) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }

        String metrics() throws Exception {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(management.resolve("/q/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }

        String metricsNow() {
            try {
                return metrics();
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        }

        /** Announces two megabytes and sends a part of them, or as much of it as is taken. */
        Socket upload(String from, byte[] part) throws IOException {
            Socket socket = new Socket(http.getHost(), http.getPort());
            String head = "POST /api/mailbox/v1/deliver HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: " + from
                    + "\r\nContent-Type: application/json\r\nContent-Length: 2000000\r\n\r\n";
            try {
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(part);
            } catch (SocketException refused) {
                // It was told 503 and its connection closed.
            }
            return socket;
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
            reader.join();
        }

        private Answer get(String path) {
            return MailboxApi.send(HttpRequest.newBuilder(management.resolve(path)));
        }

        private void read() {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    log.add(line);
                    Matcher matcher = LISTENING.matcher(line);
                    if (matcher.find()) {
                        listening.complete(matcher);
                    }
                }
            } catch (IOException killed) {
                // the end of the log
            }
            listening.completeExceptionally(new IllegalStateException(String.join("\n", log)));
        }
    }
}
