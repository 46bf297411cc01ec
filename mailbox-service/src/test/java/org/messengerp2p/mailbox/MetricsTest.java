package org.messengerp2p.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;

/** What {@code /q/metrics} shows of everything that can happen to an envelope, and whom it does not show. */
@QuarkusTest
@TestProfile(MetricsTest.SmallMailboxes.class)
class MetricsTest extends MailboxTest {

    private static final String ADDRESS = "198.51.100.77";

    /** Three envelopes a mailbox, seven requests of one sender. */
    public static class SmallMailboxes implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp2p.mailbox.quota.envelopes", "3",
                    "mp2p.mailbox.limits.messages", "1/PT1H/7",
                    "quarkus.http.proxy.proxy-address-forwarding", "true",
                    "quarkus.http.proxy.trusted-proxies", "127.0.0.1");
        }
    }

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    @Test
    void everyEndOfAnEnvelopeIsCountedAndNobodyIsNamed() throws Exception {
        Device bob = newListedDevice();
        byte[] token = random(16);
        byte[] wrong = random(16);
        byte[] twice = random(10);
        api.putDeliveryToken(bob, token).is(204);
        Device unknown = newDevice();
        authFails(unknown.account());
        MailboxApi alice = api.from(ADDRESS);
        Map<String, Double> before = scraped();

        send(bob, 1, twice, random(10), random(10)).is(200);
        send(bob, 1, twice, random(10)).is(200);
        api.messages(bob, unknown.account(), 1, Addressed.to(bob, random(10))).isProblem(503, "unavailable");
        authKnows(bob.account(), 1, bob.device());
        alice.deliver(bob.account(), token, 9, Addressed.to(bob, random(10))).isProblem(409, "list-version");
        alice.deliver(bob.account(), wrong, 1, Addressed.to(bob, random(10))).isProblem(401, "delivery-token");
        send(bob, 1, random(40_961)).isProblem(413, "too-large");
        api.messages(bob, newDevice().account(), 1, Addressed.to(bob, random(10)))
                .isProblem(404, "not-found");
        Device stranger = newDevice();
        api.messages(stranger, bob.account(), 1, Addressed.to(bob, random(10))).isProblem(401, "device-revoked");
        send(bob, 1, twice).is(200);
        send(bob, 1, twice).is(200);
        send(bob, 1, random(10), random(10)).isProblem(429, "rate-limited");
        api.ack(bob, api.collect(bob).ids().subList(0, 2)).is(204);

        Map<String, Double> after = scraped();
        assertGrown(before, after, "mp2p_mailbox_stored_total", 3);
        assertGrown(before, after, "mp2p_mailbox_duplicate_total", 3);
        assertGrown(before, after, "mp2p_mailbox_collected_total", 3);
        assertGrown(before, after, "mp2p_mailbox_acknowledged_total", 2);
        assertGrown(before, after, "mp2p_mailbox_refused_total{reason=\"full\"}", 1);
        assertGrown(before, after, "mp2p_mailbox_refused_total{reason=\"delivery-token\"}", 1);
        assertGrown(before, after, "mp2p_mailbox_refused_total{reason=\"too-large\"}", 1);
        assertGrown(before, after, "mp2p_mailbox_refused_total{reason=\"not-found\"}", 1);
        assertGrown(before, after, "mp2p_mailbox_refused_total{reason=\"device-revoked\"}", 1);
        assertGrown(before, after, "mp2p_mailbox_refused_total{reason=\"rate-limited\"}", 2);
        assertGrown(before, after, "mp2p_mailbox_refused_total{reason=\"unavailable\"}", 1);
        assertGrown(before, after, "mp2p_mailbox_refused_total{reason=\"list-version\"}", 1);
        assertTrue(after.get("mp2p_mailbox_store_group_count") > before.get("mp2p_mailbox_store_group_count"));
        assertTrue(after.get("mp2p_mailbox_store_group_sum") > before.get("mp2p_mailbox_store_group_sum"));
        assertTrue(after.containsKey("mp2p_mailbox_expired_total"));
        assertTrue(after.containsKey("mp2p_mailbox_unreadable_total"));
        assertNamesNobody(text(), List.of(bob, stranger), List.of(token, wrong));
    }

    @Test
    void whatOneDeviceTakesIsStoredThoughAnotherOneIsFull() throws Exception {
        Device phone = newListedDevice();
        Device full = new Device(phone.account(), newDeviceId());
        list(phone.account(), 2, phone.device(), full.device());
        send(full, 2, random(10), random(10), random(10)).is(200);
        Map<String, Double> before = scraped();

        Answer answer = api.messages(
                phone, phone.account(), 2, Addressed.to(phone, random(10)), Addressed.to(full, random(10)));

        assertEquals(List.of("stored", "full"), answer.is(200).states());
        Map<String, Double> after = scraped();
        assertGrown(before, after, "mp2p_mailbox_stored_total", 1);
        assertGrown(before, after, "mp2p_mailbox_duplicate_total", 0);
        assertGrown(before, after, "mp2p_mailbox_refused_total{reason=\"full\"}", 1);
    }

    private void assertNamesNobody(String text, List<Device> devices, List<byte[]> secrets) {
        assertTrue(text.contains("/api/mailbox/v1/deliver"), "the search finds what is there");
        Stream<String> ids = devices.stream()
                .flatMap(device -> Stream.of(
                        device.account().base64url(),
                        device.account().value().toString(),
                        String.valueOf(device.device().value())));
        Stream<String> tokens = secrets.stream()
                .flatMap(token ->
                        Stream.of(MailboxApi.base64url(token), MailboxApi.base64url(MailboxApi.sha256(token))));
        Stream.concat(Stream.of(ADDRESS, "198.51.100"), Stream.concat(ids, tokens))
                .forEach(needle -> assertFalse(text.contains(needle)));
    }

    private static void assertGrown(Map<String, Double> before, Map<String, Double> after, String name, double by) {
        assertTrue(before.containsKey(name), () -> name + " is none of " + before.keySet());
        assertEquals(by, after.get(name) - before.get(name), name);
    }

    private Answer send(Device own, long listVersion, byte[]... envelopes) {
        Addressed[] addressed = Stream.of(envelopes)
                .map(envelope -> Addressed.to(own, envelope))
                .toArray(Addressed[]::new);
        return api.messages(own, own.account(), listVersion, addressed);
    }

    private Map<String, Double> scraped() throws Exception {
        return text().lines()
                .filter(line -> line.startsWith("mp2p_mailbox_"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.lastIndexOf(' ')),
                        line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
    }

    private String text() throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
