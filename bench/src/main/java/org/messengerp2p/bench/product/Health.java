package org.messengerp2p.bench.product;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** What a service says of itself. */
final class Health {

    private static final int ANSWER_MILLIS = 2_000;

    /** Of a service that is beside a hostile client. */
    private static final int METRIC_MILLIS = 30_000;

    private Health() {}

    /** A metric without labels, as Prometheus reads it. */
    static double metric(int management, String name) {
        try {
            HttpURLConnection question = get(management, "/q/metrics", METRIC_MILLIS);
            question.setRequestProperty("Accept", "text/plain");
            return new String(question.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(name + ' '))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("there is no metric " + name));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** @param management port */
    static boolean isReady(int management) {
        try {
            return get(management, "/q/health/ready", ANSWER_MILLIS).getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static HttpURLConnection get(int management, String path, int patienceMillis) throws IOException {
        URI address = URI.create("http://127.0.0.1:" + management + path);
        HttpURLConnection question = (HttpURLConnection) address.toURL().openConnection();
        question.setConnectTimeout(patienceMillis);
        question.setReadTimeout(patienceMillis);
        return question;
    }
}
