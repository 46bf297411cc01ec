package org.messengerp2p.bench.product;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** What a service says of itself. */
final class Health {

    private static final int ANSWER_MILLIS = 2_000;

    private Health() {}

    /** @param management port */
    static boolean isReady(int management) {
        try {
            URI health = URI.create("http://127.0.0.1:" + management + "/q/health/ready");
            HttpURLConnection question = (HttpURLConnection) health.toURL().openConnection();
            question.setConnectTimeout(ANSWER_MILLIS);
            question.setReadTimeout(ANSWER_MILLIS);
            return question.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }
}
