package org.messengerp2p.testkit.attack;

import static org.messengerp2p.testkit.attack.TokenForge.base64url;
import static org.messengerp2p.testkit.attack.TokenForge.json;
import static org.messengerp2p.testkit.attack.TokenForge.mac;
import static org.messengerp2p.testkit.attack.TokenForge.signature;
import static org.messengerp2p.testkit.attack.TokenForge.with;
import static org.messengerp2p.testkit.attack.TokenForge.without;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.RsaJsonWebKey;

/** Headers that name another key, bring one, or ask for another treatment (RFC 7515 §4.1, RFC 8725 §2.8 to §2.10). */
final class HeaderAttacks {
    private final TokenForge forge;
    private final KeyPair attackers = newKeys();
    private final List<Attack> attacks = new ArrayList<>();

    private HeaderAttacks(TokenForge forge) {
        this.forge = forge;
    }

    static List<Attack> by(TokenForge forge) {
        HeaderAttacks all = new HeaderAttacks(forge);
        all.keyIds();
        all.keysThatComeAlong();
        all.extensions();
        all.types();
        all.twice();
        all.noHeader();
        return all.attacks;
    }

    /** All signed by the right key, so only the name of the key is wrong. */
    private void keyIds() {
        Map<String, Object> odd = new LinkedHashMap<>();
        odd.put("empty", "");
        odd.put("null", null);
        odd.put("a number", 1);
        odd.put("an array", List.of(forge.keyId()));
        odd.put("an object", Map.of("kid", forge.keyId()));
        odd.put("true", true);
        odd.put("unknown", UUID.randomUUID().toString());
        odd.put("a path", "../../../../../../dev/null");
        odd.put("an absolute path", "/dev/null");
        odd.put("an URL", "https://attacker.example/jwks");
        odd.put("SQL", "x' union select public_key from signing_key --");
        odd.put("a command", "$(id)|id;`id`");
        odd.put("LDAP", "*)(kid=*");
        odd.put("very long", "k".repeat(1_000));
        odd.put("with NUL", forge.keyId() + "\0");
        odd.put("with a line break", forge.keyId() + "\r\nX-Evil: 1");
        odd.put("with a blank", " " + forge.keyId());
        odd.put("in upper case", forge.keyId().toUpperCase(Locale.ROOT) + "A");
        odd.put("cut", forge.keyId().substring(1));
        odd.put("of other letters", forge.keyId() + "\u0430\u202e");
        odd.forEach((name, kid) -> add("kid " + name, signed(with(forge.header(), "kid", kid))));
        add("kid absent", signed(without(forge.header(), "kid")));
        String path = base64url(json(with(with(forge.header(), "kid", "/dev/null"), "alg", "HS256"))) + "." + claims();
        add("kid an empty file, HS256 by its content", path + "." + base64url(mac("HmacSHA256", new byte[1], path)));
    }

    private void keysThatComeAlong() {
        RsaJsonWebKey jwk = new RsaJsonWebKey((RSAPublicKey) attackers.getPublic());
        jwk.setKeyId(forge.keyId());
        Map<String, Object> key = jwk.toParams(OutputControlLevel.PUBLIC_ONLY);
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("jwk", key);
        names.put("jku", "http://127.0.0.1:1/jwks");
        names.put("x5u", "http://127.0.0.1:1/certificate");
        names.put("x5c", List.of(base64url(attackers.getPublic().getEncoded())));
        names.put("x5t", base64url(new byte[20]));
        names.put("x5t#S256", base64url(new byte[32]));
        names.forEach((name, value) -> {
            Map<String, Object> header = with(forge.header(), name, value);
            add(name + " of the attacker, signed by it", byAttacker(header));
            add(name + " beside the right signature", signed(header));
            add(name + " without kid, signed by it", byAttacker(without(header, "kid")));
        });
        add("no key but that of the attacker", byAttacker(forge.header()));
    }

    private void extensions() {
        for (Map.Entry<String, Object> extension : Map.<String, Object>of(
                        "crit",
                        List.of("exp"),
                        "b64",
                        false,
                        "zip",
                        "DEF",
                        "cty",
                        "JWT",
                        "enc",
                        "A128GCM",
                        "p2c",
                        1 << 30,
                        "epk",
                        Map.of(),
                        "nonce",
                        "x",
                        "http://example.org/x",
                        true)
                .entrySet()) {
            add("header " + extension.getKey(), signed(with(forge.header(), extension.getKey(), extension.getValue())));
        }
        add("crit empty", signed(with(forge.header(), "crit", List.of())));
        add("crit b64, b64 false", signed(with(with(forge.header(), "crit", List.of("b64")), "b64", false)));
        String detached = base64url(json(with(with(forge.header(), "crit", List.of("b64")), "b64", false)));
        String plain = json(forge.claims());
        add(
                "claims not encoded",
                detached + "." + plain + "." + base64url(signature(forge.privateKey(), detached + "." + plain)));
        add("nested", forge.signed(json(with(forge.header(), "cty", "JWT")), forge.good()));
        add("nested without cty", forge.signed(json(forge.header()), forge.good()));
    }

    private void types() {
        for (Object type :
                Arrays.asList("jwt", "at+jwt", "JWE", "JOSE", "application/jwt", "", null, 1, List.of("JWT"))) {
            add(
                    "typ " + (type == null ? "null" : type.getClass().getSimpleName() + " " + type),
                    signed(with(forge.header(), "typ", type)));
        }
        add("typ absent", signed(without(forge.header(), "typ")));
    }

    private void twice() {
        String kid = "\"kid\":\"" + forge.keyId() + "\"";
        text("alg twice, none last", "{\"typ\":\"JWT\",\"alg\":\"PS256\"," + kid + ",\"alg\":\"none\"}");
        text("alg twice, none first", "{\"alg\":\"none\",\"typ\":\"JWT\",\"alg\":\"PS256\"," + kid + "}");
        text("kid twice, unknown first", "{\"kid\":\"x\",\"typ\":\"JWT\",\"alg\":\"PS256\"," + kid + "}");
        text("kid twice, unknown last", "{" + kid + ",\"typ\":\"JWT\",\"alg\":\"PS256\",\"kid\":\"x\"}");
        text("kid twice, the same", "{" + kid + ",\"typ\":\"JWT\",\"alg\":\"PS256\"," + kid + "}");
        text("kid in other letters too", "{" + kid + ",\"typ\":\"JWT\",\"alg\":\"PS256\",\"KID\":\"x\"}");
    }

    private void noHeader() {
        text("header an array", "[" + json(forge.header()) + "]");
        text("header a string", "\"PS256\"");
        text("header null", "null");
        text("header an empty object", "{}");
        text("header not JSON", "PS256");
        text("header cut", json(forge.header()).substring(0, 20));
        text("header with a mark of byte order", "\uFEFF" + json(forge.header()));
        text("header with more behind it", json(forge.header()) + "{}");
        text("header deeply nested", "[".repeat(700) + "]".repeat(700));
    }

    private void text(String name, String header) {
        add(name, forge.signed(header, json(forge.claims())));
    }

    private String signed(Map<String, Object> header) {
        return forge.signed(header, forge.claims());
    }

    private String byAttacker(Map<String, Object> header) {
        String signed = base64url(json(header)) + "." + claims();
        return signed + "." + base64url(signature(attackers.getPrivate(), signed));
    }

    private String claims() {
        return base64url(json(forge.claims()));
    }

    private void add(String name, String token) {
        attacks.add(Attack.forged(name, token));
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2_048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
