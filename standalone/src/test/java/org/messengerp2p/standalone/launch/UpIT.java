package org.messengerp2p.standalone.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/** The packaged application from its start to its end: what it prints, what it leaves. */
class UpIT extends PackagedTest {

    @Test
    void printsItsUrlStartsAgainAfterAKillAndStopsAllOfItself() throws Exception {
        String expected = "https://localhost:" + settings.get("MESSENGER_PORT");
        try (MessengerProcess first = MessengerProcess.start(settings)) {
            assertEquals(expected, first.firstLine(), first::toString);
            first.kill();
        }
        long orphan = postmaster().orElseThrow();
        assertTrue(ProcessHandle.of(orphan).isPresent(), "the database lives on");

        try (MessengerProcess second = MessengerProcess.start(settings)) {
            assertEquals(expected, second.firstLine(), second::toString);
            ProcessHandle postmaster =
                    ProcessHandle.of(postmaster().orElseThrow()).orElseThrow();
            assertTrue(postmaster.pid() != orphan);
            assertEquals(TestRelease.PAGE, page(expected));
            assertEquals(200, health());

            second.terminate();
            assertEquals(143, second.exitStatus());
            assertEquals("", second.restOfOutput());
            assertEquals("", second.errors());
            assertTrue(postmaster().isEmpty(), "the database ended in order");
            postmaster.onExit().get(10, TimeUnit.SECONDS);
        }
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
