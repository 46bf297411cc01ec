package org.messengerp2p.standalone.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.messengerp2p.kit.secret.PrivateFiles;

/**
 * A certificate that this process makes for itself (EC P-256, one year), kept until 30 days before its end or until
 * the host name changes. Browsers warn once; nobody but this machine has the key.
 */
public record ServerCertificate(Path certificate, Path key) {

    private static final Duration LIFE = Duration.ofDays(365);
    private static final Duration RENEWAL = Duration.ofDays(30);

    /** Clocks of two devices differ. */
    private static final Duration BACKDATED = Duration.ofHours(1);

    private static final int DNS_NAME = GeneralName.dNSName;
    private static final int IP_ADDRESS = GeneralName.iPAddress;

    /** Makes one where none fits. */
    public static ServerCertificate provide(Path directory, String host, Clock clock) {
        ServerCertificate files =
                new ServerCertificate(directory.resolve("certificate.pem"), directory.resolve("key.pem"));
        if (!files.fits(host, clock.instant())) {
            files.make(host, clock.instant());
        }
        return files;
    }

    private boolean fits(String host, Instant now) {
        if (!Files.exists(certificate) || !Files.exists(key)) {
            return false;
        }
        try {
            X509Certificate made = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(certificate)));
            return now.plus(RENEWAL).isBefore(made.getNotAfter().toInstant())
                    && names(made).contains(canonical(host));
        } catch (GeneralSecurityException | IOException unreadable) {
            return false;
        }
    }

    private void make(String host, Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            // The certificate is written last: a crash in between leaves a pair that does not fit and is made again.
            Files.deleteIfExists(certificate);
            PrivateFiles.write(key, pem(keys.getPrivate()));
            PrivateFiles.write(certificate, pem(sign(keys, host, now)));
        } catch (GeneralSecurityException | OperatorCreationException impossible) {
            throw new IllegalStateException("this JDK makes no P-256 certificate", impossible);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static X509Certificate sign(KeyPair keys, String host, Instant now)
            throws CertIOException, OperatorCreationException, GeneralSecurityException {
        X500Name name = new X500Name("CN=Messenger P2P");
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                        name,
                        new BigInteger(127, new SecureRandom()),
                        Date.from(now.minus(BACKDATED)),
                        Date.from(now.plus(LIFE)),
                        name,
                        keys.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                .addExtension(Extension.subjectAlternativeName, false, alternativeNames(host));
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    private static GeneralNames alternativeNames(String host) {
        Set<GeneralName> names = new LinkedHashSet<>(List.of(
                new GeneralName(DNS_NAME, "localhost"),
                new GeneralName(IP_ADDRESS, "127.0.0.1"),
                new GeneralName(IP_ADDRESS, "::1")));
        names.add(new GeneralName(isAddress(host) ? IP_ADDRESS : DNS_NAME, host));
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    private static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    }

    /** An address is compared in the form in which the certificate gives it back. */
    private static String canonical(String host) throws IOException {
        return isAddress(host) ? InetAddress.getByName(host).getHostAddress() : host;
    }

    private static Set<String> names(X509Certificate certificate) throws GeneralSecurityException {
        Set<String> names = new LinkedHashSet<>();
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            alternatives.forEach(name -> names.add(String.valueOf(name.get(1))));
        }
        return names;
    }

    private static byte[] pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(
                    object instanceof PrivateKey privateKey ? new JcaPKCS8Generator(privateKey, null) : object);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
