package org.messengerp2p.auth.token;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a rotation costs beside one row and the readings that go on anyway: {@code -Dtest=RolloverFigures}. */
class RolloverFigures {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int KEYS = 25;

    @Test
    void ofOneKey() {
        RsaKeys.newPair();

        double[] millis = new double[KEYS];
        for (int i = 0; i < KEYS; i++) {
            long began = THREADS.getCurrentThreadCpuTime();
            RsaKeys.newPair();
            millis[i] = (THREADS.getCurrentThreadCpuTime() - began) / 1e6;
        }
        Arrays.sort(millis);

        System.out.printf(
                "A new RSA-3072 key: CPU median %.0f ms, least %.0f ms, most %.0f ms%n",
                millis[KEYS / 2], millis[0], millis[KEYS - 1]);
    }
}
