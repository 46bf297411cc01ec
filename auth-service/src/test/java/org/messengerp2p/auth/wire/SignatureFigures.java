package org.messengerp2p.auth.wire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;

/** What strictness costs: run by command, {@code -Dtest=SignatureFigures}. */
class SignatureFigures {
    private static final int ROUNDS = 60;
    private static final int CALLS = 400;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final byte[] MESSAGE = new byte[1_200];

    private final byte[] encoded = new byte[32];
    private final byte[] signature = new byte[64];

    /** CPU time, the best of many short rounds, so that neither the compiler nor a neighbour counts. */
    @Test
    void ofOneVerification() throws Exception {
        byte[] seed = new byte[32];
        Ed25519.generatePublicKey(seed, 0, encoded, 0);
        Ed25519.sign(seed, 0, MESSAGE, 0, MESSAGE.length, signature, 0);
        VerifyingKey known = VerifyingKey.known(encoded);
        double plain = Double.MAX_VALUE;
        double batch = Double.MAX_VALUE;
        double login = Double.MAX_VALUE;
        double entry = Double.MAX_VALUE;

        for (int round = 0; round < ROUNDS; round++) {
            plain = Math.min(plain, micros(() -> Ed25519.verify(signature, 0, encoded, 0, MESSAGE, 0, MESSAGE.length)));
            batch = Math.min(batch, micros(() -> known.verifies(signature, MESSAGE)));
            login = Math.min(login, micros(() -> VerifyingKey.known(encoded).verifies(signature, MESSAGE)));
            entry = Math.min(entry, micros(() -> VerifyingKey.checked(encoded).verifies(signature, MESSAGE)));
        }

        System.out.printf(
                "Ed25519 as Bouncy Castle has it %.1f us; strict: by a key decoded before %.1f us (%.2f),"
                        + " by a known key %.1f us (%.2f), by a new key %.1f us (%.2f)%n",
                plain, batch, batch / plain, login, login / plain, entry, entry / plain);
    }

    private interface Check {
        boolean holds() throws FormatException;
    }

    private static double micros(Check check) throws FormatException {
        long began = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < CALLS; i++) {
            assertTrue(check.holds());
        }
        return (THREADS.getCurrentThreadCpuTime() - began) / 1e3 / CALLS;
    }
}
