package org.messengerp2p.standalone.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerCertificateTest {

    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

    @TempDir
    Path directory;

    @Test
    void namesThisMachineAndTheCanonicalHost() throws Exception {
        X509Certificate certificate = read(provide("chat.example.org", NOW));

        assertEquals(
                List.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "chat.example.org"),
                certificate.getSubjectAlternativeNames().stream()
                        .map(name -> name.get(1))
                        .toList());
        assertEquals(
                256,
                ((ECPublicKey) certificate.getPublicKey())
                        .getParams()
                        .getOrder()
                        .bitLength());
        assertEquals(NOW.plus(Duration.ofDays(365)), certificate.getNotAfter().toInstant());
        assertEquals(-1, certificate.getBasicConstraints(), "it can sign no other");
        certificate.verify(certificate.getPublicKey());
    }

    @Test
    void keepsTheKeyToItsOwner() throws IOException {
        ServerCertificate made = provide("localhost", NOW);

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made.key())));
    }

    @Test
    void isKeptUntilThirtyDaysBeforeItsEnd() throws IOException {
        byte[] first = Files.readAllBytes(provide("localhost", NOW).certificate());

        byte[] later = Files.readAllBytes(
                provide("localhost", NOW.plus(Duration.ofDays(334))).certificate());
        byte[] renewed = Files.readAllBytes(
                provide("localhost", NOW.plus(Duration.ofDays(336))).certificate());

        assertArrayEquals(first, later);
        assertFalse(Arrays.equals(first, renewed));
    }

    @Test
    void isMadeAgainForAnotherHost() throws IOException {
        byte[] first = Files.readAllBytes(provide("localhost", NOW).certificate());

        byte[] second = Files.readAllBytes(provide("::2", NOW).certificate());
        byte[] third = Files.readAllBytes(provide("::2", NOW).certificate());

        assertFalse(Arrays.equals(first, second));
        assertArrayEquals(second, third);
    }

    @Test
    void isMadeAgainWhereItCannotBeRead() throws Exception {
        Files.writeString(provide("localhost", NOW).certificate(), "damaged");

        assertEquals(
                NOW.plus(Duration.ofDays(365)),
                read(provide("localhost", NOW)).getNotAfter().toInstant());
    }

    private ServerCertificate provide(String host, Instant now) {
        return ServerCertificate.provide(directory, host, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static X509Certificate read(ServerCertificate files) throws IOException, CertificateException {
        try (InputStream pem = Files.newInputStream(files.certificate())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }
}
