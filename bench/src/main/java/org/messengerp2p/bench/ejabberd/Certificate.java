package org.messengerp2p.bench.ejabberd;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** EC P-256, as the gateway's own, for localhost. ejabberd ends by one that is good for ever, as Vert.x makes them. */
final class Certificate {

    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Certificate() {}

    /** @param file for both the certificate and its key */
    static Path write(Path file) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            X500Name name = new X500Name("CN=localhost");
            Instant now = Instant.now();
            byte[] certificate = new JcaX509v3CertificateBuilder(
                            name,
                            BigInteger.valueOf(now.toEpochMilli()),
                            Date.from(now.minus(Duration.ofHours(1))),
                            Date.from(now.plus(Duration.ofDays(90))),
                            name,
                            keys.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded();
            return Files.writeString(
                    file,
                    pem("CERTIFICATE", certificate)
                            + pem("EC PRIVATE KEY", withItsPublicKey(keys).getEncoded()));
        } catch (GeneralSecurityException | OperatorException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The form of RFC 5915: by the public half in it ejabberd finds the certificate of the key. */
    private static org.bouncycastle.asn1.sec.ECPrivateKey withItsPublicKey(KeyPair keys) {
        SubjectPublicKeyInfo half =
                SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
        return new org.bouncycastle.asn1.sec.ECPrivateKey(
                256,
                ((ECPrivateKey) keys.getPrivate()).getS(),
                half.getPublicKeyData(),
                half.getAlgorithm().getParameters());
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n" + LINES.encodeToString(content) + "\n-----END " + what + "-----\n";
    }
}
