package org.messengerp2p.standalone.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messengerp2p.standalone.data.DataDirectory;
import org.messengerp2p.standalone.postgres.EmbeddedPostgres;

/** The packaged application from its start to its end: what it prints, what it leaves, how it refuses. */
class UpIT {

    @TempDir
    Path folder;

    private Path data;
    private Map<String, String> settings;

    @BeforeEach
    void prepare() throws IOException {
        data = folder.resolve("data");
        settings = MessengerProcess.settings(data, TestRelease.write(folder.resolve("web")));
    }

    /** A start stops what a killed process left behind, and so does this. */
    @AfterEach
    void leaveNothingRunning() {
        if (Files.exists(data.resolve("postgres/data/PG_VERSION"))) {
            try (DataDirectory directory = DataDirectory.open(data)) {
                EmbeddedPostgres.start(directory).close();
            }
        }
    }

    @Test
    void printsItsUrlWhenItIsReadyAndStopsAllOfItself() throws Exception {
        try (MessengerProcess process = MessengerProcess.start(settings)) {
            String url = process.firstLine();
            ProcessHandle postmaster =
                    ProcessHandle.of(postmaster().orElseThrow()).orElseThrow();

            assertEquals("https://localhost:" + settings.get("MESSENGER_PORT"), url, process::toString);
            assertEquals(TestRelease.PAGE, page(url));
            assertEquals(200, health());

            process.terminate();
            assertEquals(143, process.exitStatus());
            assertEquals("", process.restOfOutput());
            assertEquals("", process.errors());
            assertTrue(postmaster().isEmpty(), "the database ended in order");
            postmaster.onExit().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void startsAgainAfterAKill() throws Exception {
        try (MessengerProcess first = MessengerProcess.start(settings)) {
            first.firstLine();
            first.kill();
        }
        long orphan = postmaster().orElseThrow();
        assertTrue(ProcessHandle.of(orphan).isPresent(), "the database lives on");

        try (MessengerProcess second = MessengerProcess.start(settings)) {
            assertEquals("https://localhost:" + settings.get("MESSENGER_PORT"), second.firstLine());
            assertTrue(postmaster().orElseThrow() != orphan);
        }
    }

    @Test
    void letsASecondStartOnTheSameDataSayWhoHasThem() throws Exception {
        try (MessengerProcess first = MessengerProcess.start(settings)) {
            first.firstLine();

            settings = MessengerProcess.settings(data, folder.resolve("web"));
            refuses("messenger: The data directory .* is in use by process [0-9]+; .*");
        }
    }

    @Test
    void saysThatAPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.put("MESSENGER_PORT", Integer.toString(taken.getLocalPort()));

            refuses("messenger: Port " + taken.getLocalPort() + " on 127.0.0.1 cannot be used \\(.*\\); set .*");
            assertFalse(Files.exists(data), "nothing was begun");
        }
    }

    @Test
    void saysThatASettingIsWrong() throws Exception {
        settings.put("MP2P_MAILBOX_TTL_DAYS", "0");

        refuses("messenger: A setting is wrong: .*");
    }

    @Test
    void saysThatTheDataAreOfANewerVersion() throws Exception {
        try (MessengerProcess first = MessengerProcess.start(settings)) {
            first.firstLine();
        }
        try (DataDirectory directory = DataDirectory.open(data);
                EmbeddedPostgres server = EmbeddedPostgres.start(directory);
                var session = server.connect("auth");
                var statement = session.createStatement()) {
            statement.execute("insert into flyway_schema_history (installed_rank, version, description, type, script,"
                    + " checksum, installed_by, execution_time, success) values (999, '999', 'from the future', 'SQL',"
                    + " 'V999__future.sql', 1, 'auth', 1, true)");
        }

        refuses("messenger: The data were written by a newer version of Messenger; .*");
    }

    @Test
    void saysThatTheDataDirectoryIsBroken() throws Exception {
        Files.writeString(data, "a file");

        refuses("messenger: The data directory .* is a file; .*");
        Files.delete(data);
    }

    private void refuses(String sentence) throws Exception {
        try (MessengerProcess process = MessengerProcess.start(settings)) {
            assertNull(process.firstLine());
            assertEquals(1, process.exitStatus());
            assertTrue(process.errors().strip().matches(sentence), process.errors());
        }
    }

    private Optional<Long> postmaster() throws IOException {
        Path file = data.resolve("postgres/data/postmaster.pid");
        return Files.exists(file)
                ? Optional.of(Long.valueOf(Files.readAllLines(file).get(0)))
                : Optional.empty();
    }

    /** By the certificate that the application made for itself, and by no other. */
    private String page(String url) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null);
        try (InputStream pem = Files.newInputStream(data.resolve("tls/certificate.pem"))) {
            trusted.setCertificateEntry(
                    "own", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLSv1.3");
        tls.init(null, trust.getTrustManagers(), null);
        HttpResponse<String> answer = HttpClient.newBuilder()
                .sslContext(tls)
                .build()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(HttpClient.Version.HTTP_2, answer.version());
        return answer.body();
    }

    private int health() throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                        + settings.get("MESSENGER_MANAGEMENT_PORT") + "/q/health/ready"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
