package org.messengerp2p.testkit.attack;

import static org.messengerp2p.testkit.attack.TokenForge.base64url;
import static org.messengerp2p.testkit.attack.TokenForge.json;
import static org.messengerp2p.testkit.attack.TokenForge.signature;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** What is no compact JWS of three parts, and a good token in another spelling. */
final class FormAttacks {
    private final TokenForge forge;
    private final String good;
    private final String header;
    private final String claims;
    private final String sealed;
    private final byte[] signature;
    private final List<Attack> attacks = new ArrayList<>();

    private FormAttacks(TokenForge forge) {
        this.forge = forge;
        this.good = forge.good();
        String[] parts = good.split("\\.");
        this.header = parts[0];
        this.claims = parts[1];
        this.sealed = parts[2];
        this.signature = Base64.getUrlDecoder().decode(sealed);
    }

    static List<Attack> by(TokenForge forge) {
        FormAttacks all = new FormAttacks(forge);
        all.otherSignatures();
        all.otherSpellings();
        all.otherParts();
        all.encrypted();
        all.sizes();
        return all.attacks;
    }

    private void otherSignatures() {
        with("signature empty", new byte[0]);
        with("signature cut by a byte", Arrays.copyOf(signature, signature.length - 1));
        with("signature with a byte more", Arrays.copyOf(signature, signature.length + 1));
        with("signature with a zero before it", shifted());
        with("signature of zeros", new byte[signature.length]);
        with("signature of one", number(BigInteger.ONE));
        with("signature plus the modulus", plusModulus());
        with("signature the modulus", number(forge.publicKey().getModulus()));
        with(
                "signature the modulus less the signature",
                number(forge.publicKey().getModulus().subtract(new BigInteger(1, signature))));
        byte[] ones = new byte[signature.length];
        Arrays.fill(ones, (byte) 0xFF);
        with("signature of ones", ones);
        for (int bit : new int[] {0, 7, signature.length * 4, signature.length * 8 - 1}) {
            byte[] flipped = signature.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            with("signature with bit " + bit + " turned", flipped);
        }
        add(
                "signature of another token",
                header + "." + claims + "." + forge.good().split("\\.")[2]);
        add("claims of another token", header + "." + forge.good().split("\\.")[1] + "." + sealed);
    }

    /** Each decodes to the good token's bytes in a lenient decoder. */
    private void otherSpellings() {
        add("padding", good + "=");
        add("padding of two", good + "==");
        add("padding in the header", header + "=." + claims + "." + sealed);
        add("a character more", good + "A");
        add("a character less", good.substring(0, good.length() - 1));
        add(
                "a dot inside the signature",
                header + "." + claims + "." + sealed.substring(0, 9) + "." + sealed.substring(9));
        for (String ignored :
                List.of("!", "*", "%", "-=", "=", ",", "~", "\n", "\r\n", " ", "\t", "\0", "\u00e9", "\uFF0E")) {
            String name = ignored.chars()
                    .mapToObj(c -> String.format("U+%04X", c))
                    .toList()
                    .toString();
            add(
                    name + " inside the signature",
                    header + "." + claims + "." + sealed.substring(0, 8) + ignored + sealed.substring(8));
            add(name + " behind the signature", good + ignored);
            add(name + " before the token", ignored + good);
        }
        add("the other alphabet", otherAlphabet());
        add("percent-encoded", header + "%2E" + claims + "%2E" + sealed);
        add("in quotation marks", '"' + good + '"');
        if (signature.length % 3 != 0) {
            add("bits behind the last byte", good.substring(0, good.length() - 1) + nextCharacter());
        }
    }

    private void otherParts() {
        add("garbage", "garbage");
        add("two dots", "..");
        add("three dots", "...");
        add("header alone", header);
        add("no signature", header + "." + claims);
        add("an empty signature", header + "." + claims + ".");
        add("no claims", header + ".." + sealed);
        add("no header", "." + claims + "." + sealed);
        add("four parts", good + "." + sealed);
        add("two tokens", good + "." + good);
        add("two tokens by a comma", good + "," + good);
        add("claims empty", forge.signed(json(forge.header()), ""));
        add("claims an array", forge.signed(json(forge.header()), "[" + json(forge.claims()) + "]"));
        add("claims a string", forge.signed(json(forge.header()), "\"admin\""));
        add("claims null", forge.signed(json(forge.header()), "null"));
        add("claims not JSON", forge.signed(json(forge.header()), "admin"));
        add("claims with more behind them", forge.signed(json(forge.header()), json(forge.claims()) + "{}"));
        add(
                "the JSON form",
                "{\"payload\":\"" + claims + "\",\"protected\":\"" + header + "\",\"signature\":\"" + sealed + "\"}");
        add("prefixed by its scheme", "Bearer" + good);
    }

    private void encrypted() {
        String none = base64url(new byte[12]) + "." + base64url("x") + "." + base64url(new byte[16]);
        for (String algorithm : List.of("RSA-OAEP", "RSA1_5", "dir", "A128KW", "PBES2-HS256+A128KW")) {
            String encrypted =
                    base64url("{\"alg\":\"" + algorithm + "\",\"enc\":\"A128GCM\",\"kid\":\"" + forge.keyId() + "\"}");
            add("JWE of " + algorithm, encrypted + "." + base64url(new byte[signature.length]) + "." + none);
        }
        add("the good token as a JWE", good + "..");
    }

    private void sizes() {
        String many =
                forge.signed(json(forge.header()), json(TokenForge.with(forge.claims(), "filler", "x".repeat(9_000))));
        add("of 12 KiB, signed", many);
        add("of 64 KiB", header + "." + base64url("x".repeat(48 * 1_024)) + "." + sealed);
        add("of 1 MiB", "a".repeat(1 << 20));
        add("of 3000 dots", ".".repeat(3_000));
        add("empty", "");
    }

    private byte[] shifted() {
        byte[] shifted = new byte[signature.length + 1];
        System.arraycopy(signature, 0, shifted, 1, signature.length);
        return shifted;
    }

    /** Signs until the sum has no more bytes than the modulus, or takes the one byte more. */
    private byte[] plusModulus() {
        BigInteger sum = new BigInteger(1, signature).add(forge.publicKey().getModulus());
        return sum.bitLength() <= signature.length * 8 ? number(sum) : sum.toByteArray();
    }

    private byte[] number(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[signature.length];
        int length = Math.min(bytes.length, fixed.length);
        System.arraycopy(bytes, bytes.length - length, fixed, fixed.length - length, length);
        return fixed;
    }

    private String otherAlphabet() {
        String token = good;
        while (!token.split("\\.")[2].matches(".*[-_].*")) {
            token = forge.good();
        }
        String[] parts = token.split("\\.");
        return parts[0] + "." + parts[1] + "." + parts[2].replace('-', '+').replace('_', '/');
    }

    private char nextCharacter() {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return alphabet.charAt(alphabet.indexOf(good.charAt(good.length() - 1)) + 1);
    }

    private void with(String name, byte[] other) {
        add(name, header + "." + claims + "." + base64url(other));
    }

    private void add(String name, String token) {
        attacks.add(Attack.forged(name, token));
    }
}
