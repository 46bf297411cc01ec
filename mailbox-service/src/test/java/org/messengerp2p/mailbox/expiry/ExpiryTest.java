package org.messengerp2p.mailbox.expiry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.MailboxTest;

@QuarkusTest
class ExpiryTest extends MailboxTest {

    @Inject
    Expiry expiry;

    @Inject
    MeterRegistry meters;

    @Test
    void whatWaitedThirtyDaysGoesAndIsTold() {
        Device bob = newListedDevice();
        store(bob, 3);
        age(bob, "position <= 2", "31 days");
        store(newListedDevice(), 1);

        assertEquals(2, sweep());

        assertEquals(2, api.collect(bob).expired());
        assertEquals(1, api.collect(bob).envelopes().size());
    }

    @Test
    void theTotalStaysSoThatALostAnswerLosesNoNotice() {
        Device bob = newListedDevice();
        store(bob, 3);
        age(bob, "true", "31 days");
        sweep();
        assertEquals(3, api.collect(bob).expired());
        assertEquals(3, api.collect(bob).expired(), "as the answer that was lost");
        store(bob, 2);
        age(bob, "true", "31 days");
        sweep();

        assertEquals(5, api.collect(bob).expired());
    }

    @Test
    void collectingWritesNothing() {
        Device bob = newListedDevice();
        store(bob, 2);
        age(bob, "position = 1", "31 days");
        sweep();
        long version = rowVersion(bob);

        assertEquals(1, api.collect(bob).expired());

        assertEquals(version, rowVersion(bob));
    }

    @Test
    void aTotalBeyondThirtyTwoBitsIsTold() {
        Device bob = newListedDevice();
        update("update mailbox set expired = 3000000000 where account = '"
                + bob.account().value() + "'");

        assertEquals(3_000_000_000L, api.collect(bob).expired());
    }

    @Test
    void aDeviceThatIsListedAnewBeginsAtZero() {
        Device bob = newListedDevice();
        store(bob, 1);
        age(bob, "true", "31 days");
        sweep();
        list(bob.account(), 2, newDeviceId());
        list(bob.account(), 3, bob.device());

        assertEquals(0, api.collect(bob).expired());
    }

    @Test
    void whatNoKeyOpensExpiresAndCountsToo() {
        Device bob = newListedDevice();
        store(bob, 2);
        update("update envelope set sealed = '\\x00' where position = 1 and account = '"
                + bob.account().value() + "'");
        assertEquals(1, api.collect(bob).envelopes().size());
        age(bob, "true", "31 days");

        sweep();

        assertEquals(2, api.collect(bob).expired());
    }

    @Test
    void whatWaitedLessStays() {
        Device bob = newListedDevice();
        store(bob, 2);
        age(bob, "true", "29 days 23 hours");

        sweep();

        assertEquals(2, api.collect(bob).envelopes().size());
    }

    @Test
    void expiryMakesRoomAsAcknowledgementDoes() {
        Device bob = newListedDevice();
        store(bob, 4);
        age(bob, "position <= 3", "31 days");

        sweep();

        assertEquals(
                1,
                number("select waiting::text from mailbox where account = '"
                        + bob.account().value() + "'"));
        assertEquals(
                100,
                number("select waiting_bytes::text from mailbox where account = '"
                        + bob.account().value() + "'"));
    }

    @Test
    void sweepsMoreMailboxesThanOnePageHas() {
        int mailboxes = ExpiredEnvelopes.PAGE_SIZE + 20;
        update("insert into recipient (account, list_version)"
                + " select ('5eed0000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, 1"
                + " from generate_series(1, " + mailboxes + ") i");
        update("insert into mailbox (account, device, next_position, waiting, waiting_bytes)"
                + " select account, 1, 2, 1, 1 from recipient where account::text like '5eed0000-%'");
        update("insert into envelope (account, device, position, envelope_id, received_at, size, limited, sealed)"
                + " select account, 1, 1, account, date_trunc('minute', now(), 'UTC') - interval '31 days', 1, false, ''"
                + " from mailbox where account::text like '5eed0000-%'");

        assertEquals(mailboxes, sweep());

        assertEquals(0, number("select count(*)::text from envelope where account::text like '5eed0000-%'"));
    }

    @Test
    void theWalkShowsHowFullTheMailboxesAreAndHowLongTheOldestWaits() {
        sweep();
        double empty = gauge("mp2p.mailbox.depth", "waiting", "0");
        double few = gauge("mp2p.mailbox.depth", "waiting", "1-10");
        double dozens = gauge("mp2p.mailbox.depth", "waiting", "11-100");
        newListedDevice();
        newListedDevice();
        store(newListedDevice(), 10);
        Device carol = newListedDevice();
        store(carol, 11);
        age(carol, "position = 1", "29 days");

        sweep();

        assertEquals(empty + 2, gauge("mp2p.mailbox.depth", "waiting", "0"));
        assertEquals(few + 1, gauge("mp2p.mailbox.depth", "waiting", "1-10"));
        assertEquals(dozens + 1, gauge("mp2p.mailbox.depth", "waiting", "11-100"));
        double oldest = gauge("mp2p.mailbox.oldest.age");
        double days = Duration.ofDays(29).toSeconds();
        assertTrue(oldest >= days && oldest < days + 24 * 3600, () -> "oldest " + oldest);
    }

    private double gauge(String name, String... tags) {
        return meters.get(name).tags(tags).gauge().value();
    }

    private void store(Device to, int count) {
        Addressed[] envelopes = Stream.generate(() -> Addressed.to(to, random(100)))
                .limit(count)
                .toArray(Addressed[]::new);
        api.messages(to, to.account(), 1, envelopes).is(200);
    }

    private void age(Device device, String which, String age) {
        update("update envelope set received_at = date_trunc('minute', now(), 'UTC') - interval '" + age
                + "' where account = '" + device.account().value() + "' and " + which);
    }

    private long rowVersion(Device device) {
        return number("select xmin::text from mailbox where account = '"
                + device.account().value() + "'");
    }

    private int sweep() {
        return expiry.sweep().await().atMost(Duration.ofSeconds(30));
    }
}
