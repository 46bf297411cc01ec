package org.messengerp2p.kit.identity;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** A token's verification beside the JDK's bare RSA-3072 PSS: run by command, {@code -Dtest=TokenVerificationFigures}. */
class TokenVerificationFigures {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final int ROUNDS = 40;
    private static final int CALLS = 300;

    private interface Work {
        void run() throws Exception;
    }

    /** CPU time, the best of many short rounds, so that neither the compiler nor a neighbour counts. */
    @Test
    void beside() throws Exception {
        SignedTokens tokens = new SignedTokens(3_072);
        tokens.publish("one");
        String token = tokens.token("one", NOW, Duration.ofMinutes(10));
        String signed = token.substring(0, token.lastIndexOf('.'));
        byte[] signature = Base64.getUrlDecoder().decode(token.substring(signed.length() + 1));
        byte[] bytes = signed.getBytes(StandardCharsets.US_ASCII);
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        TokenVerifier verifier = new TokenVerifier(tokens, clock);
        double bare = Double.MAX_VALUE;
        double first = Double.MAX_VALUE;
        double again = Double.MAX_VALUE;

        for (int round = 0; round < ROUNDS; round++) {
            bare = Math.min(bare, micros(() -> assertTrue(verifies(tokens.keys().getPublic(), bytes, signature))));
            first = Math.min(first, micros(() -> new TokenVerifier(tokens, clock).parse(token, null)));
            again = Math.min(again, micros(() -> verifier.parse(token, null)));
        }

        System.out.printf(
                "RSA-3072 PSS of the JDK %.1f us; a token for the first time %.1f us (%.2f), again %.1f us (%.2f)%n",
                bare, first, first / bare, again, again / bare);
    }

    private static boolean verifies(PublicKey key, byte[] bytes, byte[] signature) throws Exception {
        Signature check = Signature.getInstance("RSASSA-PSS");
        check.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        check.initVerify(key);
        check.update(bytes);
        return check.verify(signature);
    }

    private static double micros(Work work) throws Exception {
        long began = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < CALLS; i++) {
            work.run();
        }
        return (THREADS.getCurrentThreadCpuTime() - began) / 1e3 / CALLS;
    }
}
