package org.messengerp2p.testkit.attack;

import static org.messengerp2p.testkit.attack.TokenForge.base64url;
import static org.messengerp2p.testkit.attack.TokenForge.json;
import static org.messengerp2p.testkit.attack.TokenForge.mac;
import static org.messengerp2p.testkit.attack.TokenForge.pss;
import static org.messengerp2p.testkit.attack.TokenForge.signature;
import static org.messengerp2p.testkit.attack.TokenForge.with;
import static org.messengerp2p.testkit.attack.TokenForge.without;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Another algorithm than PS256, or none (RFC 8725 §2.1, §3.1). */
final class AlgorithmAttacks {
    private final TokenForge forge;
    private final List<Attack> attacks = new ArrayList<>();

    private AlgorithmAttacks(TokenForge forge) {
        this.forge = forge;
    }

    static List<Attack> by(TokenForge forge) {
        AlgorithmAttacks all = new AlgorithmAttacks(forge);
        all.none();
        all.notAName();
        all.publicKeyAsSecret();
        all.rightKeyOtherAlgorithm();
        all.keyOfAnotherKind();
        return all.attacks;
    }

    private void none() {
        for (String none : List.of("none", "None", "NONE", "nOnE", "none ")) {
            String unsigned = unsigned(none);
            add("alg " + none + " without signature", unsigned + ".");
            add("alg " + none + " with the signature of a good token", unsigned + "." + goodSignature());
        }
        String unsigned = unsigned("none");
        add("alg none without the last dot", unsigned);
        add("alg none, signed as PS256", unsigned + "." + base64url(signature(forge.privateKey(), unsigned)));
    }

    private void notAName() {
        for (Object odd :
                Arrays.asList("", null, 256, List.of("PS256"), Map.of("name", "PS256"), true, "ps256", "PS256 ")) {
            add(
                    "alg " + (odd == null ? "null" : odd.getClass().getSimpleName() + " " + odd),
                    forge.signed(with(forge.header(), "alg", odd), forge.claims()));
        }
        add("alg absent", forge.signed(without(forge.header(), "alg"), forge.claims()));
    }

    /** What anybody can read must not be a secret. */
    private void publicKeyAsSecret() {
        for (Map.Entry<String, byte[]> secret : publicForms().entrySet()) {
            for (String bits : List.of("256", "384", "512")) {
                String signed = unsigned("HS" + bits);
                add(
                        "HS" + bits + " by the public key as " + secret.getKey(),
                        signed + "." + base64url(mac("HmacSHA" + bits, secret.getValue(), signed)));
            }
        }
        String signed = unsigned("PS256");
        add(
                "HMAC by the public key under the name of PS256",
                signed + "." + base64url(mac("HmacSHA256", forge.publicKey().getEncoded(), signed)));
    }

    private Map<String, byte[]> publicForms() {
        byte[] der = forge.publicKey().getEncoded();
        byte[] modulus = forge.publicKey().getModulus().toByteArray();
        byte[] n = Arrays.copyOfRange(modulus, modulus[0] == 0 ? 1 : 0, modulus.length);
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END PUBLIC KEY-----\n";
        Map<String, byte[]> forms = new LinkedHashMap<>();
        forms.put("DER", der);
        forms.put("PEM", ascii(pem));
        forms.put("PEM without the last line break", ascii(pem.stripTrailing()));
        forms.put("modulus", n);
        forms.put("n of the JWK", ascii(base64url(n)));
        forms.put("kid", ascii(forge.keyId()));
        return forms;
    }

    private void rightKeyOtherAlgorithm() {
        rsa("RS256", "SHA256withRSA", null);
        rsa("RS384", "SHA384withRSA", null);
        rsa("RS512", "SHA512withRSA", null);
        rsa("PS384", "RSASSA-PSS", new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1));
        rsa("PS512", "RSASSA-PSS", new PSSParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, 64, 1));
        String signed = unsigned("PS256");
        add(
                "RS256 under the name of PS256",
                signed + "." + base64url(signature(forge.privateKey(), "SHA256withRSA", null, signed)));
        add("PS256 with SHA-1 in the mask", pss256(signed, pss(MGF1ParameterSpec.SHA1, 32)));
        add("PS256 without salt", pss256(signed, pss(MGF1ParameterSpec.SHA256, 0)));
        add("PS256 with a salt of 20 bytes", pss256(signed, pss(MGF1ParameterSpec.SHA256, 20)));
    }

    private void keyOfAnotherKind() {
        signedBy("ES256", "EC", "SHA256withECDSAinP1363Format");
        signedBy("EdDSA", "Ed25519", "Ed25519");
        signedBy("PS256", "RSASSA-PSS", "RSASSA-PSS");
        add("ES256 of zeros", unsigned("ES256") + "." + base64url(new byte[64]));
        add("PS256 by ES256 of zeros", unsigned("PS256") + "." + base64url(new byte[64]));
    }

    private void signedBy(String name, String keyAlgorithm, String algorithm) {
        try {
            KeyPair others = KeyPairGenerator.getInstance(keyAlgorithm).generateKeyPair();
            AlgorithmParameterSpec parameters =
                    algorithm.equals("RSASSA-PSS") ? pss(MGF1ParameterSpec.SHA256, 32) : null;
            String signed = unsigned(name);
            add(
                    name + " by a key of the attacker",
                    signed + "." + base64url(signature(others.getPrivate(), algorithm, parameters, signed)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void rsa(String name, String algorithm, AlgorithmParameterSpec parameters) {
        PrivateKey right = forge.privateKey();
        String signed = unsigned(name);
        add(name + " by the right key", signed + "." + base64url(signature(right, algorithm, parameters, signed)));
    }

    private String pss256(String signed, AlgorithmParameterSpec parameters) {
        return signed + "." + base64url(signature(forge.privateKey(), "RSASSA-PSS", parameters, signed));
    }

    private String unsigned(String algorithm) {
        return base64url(json(with(forge.header(), "alg", algorithm))) + "." + base64url(json(forge.claims()));
    }

    private String goodSignature() {
        return forge.good().split("\\.")[2];
    }

    private void add(String name, String token) {
        attacks.add(Attack.forged(name, token));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
