package org.messengerp2p.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTest {

    private final List<JsonObject> lines = new ArrayList<>();

    @Test
    void judgesMediansOfTheRounds() {
        measured("floor", "full_us", 20, 22, 300);
        measured("deliver, 320 under way", "full_us", 54, 56, 55);

        assertTrue(
                report().contains("| store flat out, deliver, 320 under way | 2.50 × floor | 2.50 | yes |"), report());
    }

    @Test
    void aBarThatIsNotMetIsToldSo() {
        measured("floor", "full_us", 20);
        measured("deliver, 320 under way", "full_us", 51);

        assertTrue(
                report().contains("| store flat out, deliver, 320 under way | 2.50 × floor | 2.55 | no |"), report());
    }

    @Test
    void thePeerIsTakenInItsBetterForm() {
        measured("ejabberd", "rate_us", 1000);
        measured("ejabberd, no busy wait", "rate_us", 800);
        measured("deliver", "rate_us", 200);

        assertTrue(report().contains("| store at 1,000/s, deliver | 0.25 × ejabberd | 0.25 | yes |"), report());
        assertFalse(report().contains("ejabberd was not measured"));
    }

    @Test
    void whatWasNotMeasuredIsNotMet() {
        measured("deliver", "rate_us", 200);

        assertTrue(report().contains("| store at 1,000/s, deliver | 0.25 × ejabberd | not measured | – |"), report());
        assertTrue(report().contains("ejabberd was not measured"), report());
    }

    @Test
    void tellsApartWhatTlsAdds() {
        measured("deliver", "full_us", 50);
        measured("deliver, TLS", "full_us", 65);

        assertTrue(report().contains("| TLS, a message stored flat out: CPU µs | 15.0 |"), report());
    }

    @Test
    void theOnlineHalfIsJudgedAgainstItsOwnFloorAndPeer() {
        measured("relay floor", "relay_us", 40);
        measured("relay", "relay_us", 50);
        measured("relay ejabberd", "relay_us", 300);
        measured("relay ejabberd, no busy wait", "relay_us", 200);

        assertTrue(report().contains("| CPU of a message, relay | 1.30 × relay floor | 1.25 | yes |"), report());
        assertTrue(report().contains("| CPU of a message, relay | 0.20 × relay ejabberd | 0.25 | no |"), report());
        assertFalse(report().contains("ejabberd was not measured"));
    }

    @Test
    void whatIsBehindTheGatewayIsJudgedAgainstTheFloorBehindIt() {
        measured("relay floor", "relay_us", 40);
        measured("TLS relay floor", "relay_us", 100);
        measured("TLS relay", "relay_us", 120);
        measured("TLS relay", "idle_gateway_kib", 41);

        assertTrue(
                report().contains("| CPU of a message, TLS relay | 1.30 × TLS relay floor | 1.20 | yes |"), report());
        assertTrue(report().contains("| memory of the gateway, an idle socket | 20.0 × 1 KiB | 41.0 | no |"), report());
    }

    @Test
    void tellsWhatFailed() {
        lines.add(new JsonObject().put("system", "deliver").put("round", 2).put("failed", "5 messages wait, not 6"));

        assertTrue(report().contains("deliver failed in round 2: 5 messages wait, not 6"), report());
    }

    @Test
    void showsHowFarTheRoundsLieApart() {
        assertEquals(
                "2,000 (1,000–4,000)",
                Summary.of(List.of(4000.0, 1000.0, 2000.0)).orElseThrow().text());
        assertEquals(
                "15.0 (10.0–20.0)",
                Summary.of(List.of(10.0, 20.0)).orElseThrow().text());
        assertEquals("1.23", Summary.of(List.of(1.234)).orElseThrow().text());
        assertEquals(Optional.empty(), Summary.of(List.of()));
    }

    private void measured(String system, String figure, double... rounds) {
        for (double value : rounds) {
            lines.add(new JsonObject().put("system", system).put(figure, value));
        }
    }

    private String report() {
        return Report.of(lines).markdown();
    }
}
