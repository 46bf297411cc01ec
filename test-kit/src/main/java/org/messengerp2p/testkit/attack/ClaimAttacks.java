package org.messengerp2p.testkit.attack;

import static org.messengerp2p.testkit.attack.TokenForge.json;
import static org.messengerp2p.testkit.attack.TokenForge.with;
import static org.messengerp2p.testkit.attack.TokenForge.without;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Claims that auth-service would not sign, signed by its key: what a part of it that errs, or a thief, might make. */
final class ClaimAttacks {
    private static final Map<String, Object> OF_ANOTHER_TYPE = Map.of(
            "an empty string", "", "an array", List.of(), "an object", Map.of(), "true", true, "a fraction", 1.5);

    private final TokenForge forge;
    private final List<Attack> attacks = new ArrayList<>();

    private ClaimAttacks(TokenForge forge) {
        this.forge = forge;
    }

    static List<Attack> by(TokenForge forge) {
        ClaimAttacks all = new ClaimAttacks(forge);
        all.ofAnotherType();
        all.issuers();
        all.audiences();
        all.holders();
        all.times();
        all.twice();
        return all.attacks;
    }

    private void ofAnotherType() {
        for (String name : List.of("iss", "sub", "aud", "device", "jti", "iat", "exp")) {
            add(name + " absent", without(forge.claims(), name));
            change(name, "null", null);
            OF_ANOTHER_TYPE.forEach((type, value) -> change(name, type, value));
        }
        OF_ANOTHER_TYPE.forEach((type, value) -> change("nbf", type, value));
    }

    private void issuers() {
        change("iss", "another", "other");
        change("iss", "in upper case", "MP2P");
        change("iss", "with a blank", "mp2p ");
        change("iss", "an array of the right one", List.of("mp2p"));
        change("iss", "with NUL", "mp2p\0");
    }

    private void audiences() {
        Object right = forge.claims().get("aud");
        change("aud", "unknown", "admin");
        change("aud", "in upper case", right.toString().toUpperCase(Locale.ROOT));
        change("aud", "an array of the right one", List.of(right));
        change("aud", "an array of two", List.of(right, "admin"));
        change("aud", "all services", List.of("auth", "mailbox", "signaling"));
        change("aud", "a list by blanks", "auth mailbox signaling");
        change("aud", "any", "*");
        for (String other : List.of("auth", "mailbox", "signaling")) {
            if (!other.equals(right)) {
                attacks.add(new Attack("aud of " + other, forge.withAudience(other), true));
            }
        }
    }

    private void holders() {
        String account = forge.claims().get("sub").toString();
        change("sub", "cut", account.substring(1));
        change("sub", "too long", account + "AAAA");
        change("sub", "with padding", account + "==");
        change("sub", "with bits behind the last byte", account.substring(0, account.length() - 1) + "B");
        change("sub", "SQL", "x' or '1'='1");
        change("sub", "a name", "admin");
        change("device", "zero", 0);
        change("device", "negative", -1);
        change("device", "a string", String.valueOf(forge.claims().get("device")));
        change("device", "2^32", 1L << 32);
        change("device", "2^64 + 1", BigInteger.ONE.shiftLeft(64).add(BigInteger.ONE));
        change(
                "device",
                "a float of the right one",
                Double.valueOf(forge.claims().get("device").toString()));
        change("jti", "no UUID", "x");
        change(
                "jti",
                "a UUID in upper case",
                UUID.fromString("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee")
                        .toString()
                        .toUpperCase(Locale.ROOT));
        change("jti", "a short UUID", "1-1-1-1-1");
    }

    private void times() {
        long now = forge.now();
        change("exp", "this second", now);
        change("exp", "a minute ago", now - 60);
        change("exp", "a year ago", now - 31_536_000);
        change("exp", "negative", -1);
        change("exp", "zero", 0);
        change("exp", "a string", String.valueOf(now + 600));
        change("exp", "a float", now + 600.5);
        change("exp", "in milliseconds", (now + 600) * 1_000);
        change("exp", "in a day", now + 86_400);
        change("exp", "2^63", BigInteger.ONE.shiftLeft(63));
        change("exp", "2^63 - 1", Long.MAX_VALUE);
        change("exp", "of 300 digits", BigInteger.TEN.pow(300));
        change("iat", "in ten minutes", now + 600);
        change("iat", "2^63 - 1", Long.MAX_VALUE);
        change("iat", "a string", String.valueOf(now));
        change("nbf", "in ten minutes", now + 600);
        change("nbf", "a string", String.valueOf(now - 1));
        change("nbf", "2^63 - 1", Long.MAX_VALUE);
        add("expired, issued a day ago", with(with(forge.claims(), "iat", now - 86_400), "exp", now - 85_800));
    }

    private void twice() {
        String claims = json(forge.claims());
        String rest = claims.substring(1);
        text("exp twice, expired first", "{\"exp\":1," + rest);
        text("sub twice", "{\"sub\":\"AAAAAAAAAAAAAAAAAAAAAA\"," + rest);
        text("aud twice", "{\"aud\":\"admin\"," + rest);
        text("device twice", "{\"device\":1," + rest);
    }

    private void change(String claim, String how, Object value) {
        add(claim + " " + how, with(forge.claims(), claim, value));
    }

    private void add(String name, Map<String, Object> claims) {
        attacks.add(Attack.forged(name, forge.signed(forge.header(), claims)));
    }

    private void text(String name, String claims) {
        attacks.add(Attack.forged(name, forge.signed(json(forge.header()), claims)));
    }
}
