package org.messengerp2p.mailbox.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.MailboxApi;
import org.messengerp2p.mailbox.MailboxTest;

/** Rates, made small by settings, from addresses that a trusted proxy tells; each test has addresses of its own. */
@QuarkusTest
@TestProfile(LimitsTest.SmallRates.class)
class LimitsTest extends MailboxTest {

    /** No bucket gets a token back while a test runs. */
    public static class SmallRates implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp2p.mailbox.limits.deliver", "1/PT1H/5",
                    "mp2p.mailbox.limits.deliver-by-address", "1/PT1H/20",
                    "mp2p.mailbox.limits.wrong-token-cost", "4",
                    "mp2p.mailbox.limits.messages", "1/PT1H/5",
                    "mp2p.mailbox.limits.device", "1/PT1H/5",
                    "quarkus.http.proxy.proxy-address-forwarding", "true",
                    "quarkus.http.proxy.trusted-proxies", "127.0.0.1");
        }
    }

    @Test
    void aSenderThatIsTooFastIsToldWhenToTryAgain() {
        Device bob = newListedDevice();
        Device alice = newListedDevice();
        repeat(5, () -> messages(alice, bob).is(200));

        Answer refused = messages(alice, bob).isProblem(429, "rate-limited");

        long wait = Long.parseLong(refused.headers().firstValue("Retry-After").orElse("0"));
        assertTrue(wait > 3000 && wait <= 3600, () -> "Retry-After " + wait);
        messages(newListedDevice(), bob).is(200);
    }

    @Test
    void deliveriesByOneTokenAreCountedFromAllAddresses() {
        Device bob = newListedDevice();
        byte[] token = giveToken(bob);
        repeat(3, () -> deliver("198.51.100.1", bob, token).is(200));
        repeat(2, () -> deliver("2001:db8:1::1", bob, token).is(200));

        deliver("203.0.113.1", bob, token).isProblem(429, "rate-limited");
    }

    @Test
    void whoGuessesDoesNotUseUpTheRateOfTheContacts() {
        Device bob = newListedDevice();
        byte[] token = giveToken(bob);
        for (int network = 0; network < 8; network++) {
            String stranger = "10.1." + network + ".1";
            repeat(3, () -> deliver(stranger, bob, random(16)).isProblem(401, "delivery-token"));
        }

        repeat(
                5,
                () -> assertEquals(
                        List.of("stored"), deliver("10.2.0.1", bob, token).states()));
    }

    @Test
    void oneWrongTokenTriedAgainAndAgainIsCountedToo() {
        Device bob = newListedDevice();
        byte[] wrong = random(16);
        repeat(4, () -> deliver("10.3.0.1", bob, wrong).isProblem(401, "delivery-token"));
        deliver("10.3.1.1", bob, wrong).isProblem(401, "delivery-token");

        deliver("10.3.2.1", bob, wrong).isProblem(429, "rate-limited");
    }

    @Test
    void anAddressDeliversToManyAccountsUntilItsOwnRateIsUsedUp() {
        for (int account = 0; account < 5; account++) {
            Device to = newListedDevice();
            byte[] token = giveToken(to);
            repeat(4, () -> deliver("10.4.0.1", to, token).is(200));
        }
        Device last = newListedDevice();
        byte[] token = giveToken(last);

        deliver("10.4.0.1", last, token).isProblem(429, "rate-limited");
        deliver("10.4.0.200", last, token).isProblem(429, "rate-limited");
        deliver("10.4.1.1", last, token).is(200);
    }

    @Test
    void aWrongTokenCostsItsAddressMoreThanARightOne() {
        Device bob = newListedDevice();
        repeat(5, () -> deliver("2001:db8:5::1", bob, random(16)).isProblem(401, "delivery-token"));

        deliver("2001:db8:5::2", bob, random(16)).isProblem(429, "rate-limited");
        deliver("2001:db8:5:1::1", bob, random(16)).isProblem(401, "delivery-token");
    }

    @Test
    void whatOneAddressUsesUpIsNotTakenFromThoseWhoSignIn() {
        Device bob = newListedDevice();
        repeat(5, () -> deliver("10.6.0.1", bob, random(16)).isProblem(401, "delivery-token"));
        deliver("10.6.0.1", bob, random(16)).isProblem(429, "rate-limited");

        api.from("10.6.0.1")
                .messages(newListedDevice(), bob.account(), 1, envelope(bob))
                .is(200);
    }

    @Test
    void aDeviceThatHasLostItsWayIsHeldUpAlone() {
        Device lost = newListedDevice();
        Device other = new Device(lost.account(), newDeviceId());
        list(lost.account(), 2, lost.device(), other.device());
        repeat(2, () -> api.collect(lost).is(200));
        repeat(2, () -> api.ack(lost, List.of()).is(204));
        api.putDeliveryToken(lost, random(16)).is(204);

        api.collect(lost).isProblem(429, "rate-limited");
        api.ack(lost, List.of()).isProblem(429, "rate-limited");
        api.putDeliveryToken(lost, random(16)).isProblem(429, "rate-limited");
        api.collect(other).is(200);
    }

    private byte[] giveToken(Device to) {
        byte[] token = random(16);
        api.putDeliveryToken(to, token).is(204);
        return token;
    }

    private Answer messages(Device from, Device to) {
        return api.messages(from, to.account(), 1, envelope(to));
    }

    private Answer deliver(String from, Device to, byte[] token) {
        MailboxApi proxied = api.from(from);
        return proxied.deliver(to.account(), token, 1, envelope(to));
    }

    private static Addressed envelope(Device to) {
        return Addressed.to(to, random(10));
    }

    private static void repeat(int times, Runnable call) {
        for (int i = 0; i < times; i++) {
            call.run();
        }
    }
}
