package org.messengerp2p.kit.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;

/** What holds for every {@link DeviceBus}, between two processes or within one. */
abstract class DeviceBusContract {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final AccountId account = new AccountId(UUID.randomUUID());
    private final Device first = new Device(account, new DeviceId(1));
    private final Device second = new Device(account, new DeviceId(4_294_967_295L));

    /** The bus of the process that tells. */
    protected abstract DeviceBus here();

    /** The bus of the process that listens; it may be the same. */
    protected abstract DeviceBus there();

    @Test
    void tellsWhoListensToTheDevice() {
        HeardEvents heard = HeardEvents.of(there(), first);

        BusEvent.Mail mail = new BusEvent.Mail(first, Optional.of(Instant.now()));

        here().publish(mail);
        here().publish(new BusEvent.Revoked(first));
        here().publish(new BusEvent.Claimed(first));

        assertEquals(mail, heard.next());
        assertEquals(new BusEvent.Revoked(first), heard.next());
        assertEquals(new BusEvent.Claimed(first), heard.next());
    }

    @Test
    void tellsWhoListensToTheAccount() {
        HeardEvents heard = HeardEvents.of(there(), account);

        here().publish(new BusEvent.NewDeliveryToken(account));
        here().publish(new BusEvent.PresenceChanged(account));

        assertEquals(new BusEvent.NewDeliveryToken(account), heard.next());
        assertEquals(new BusEvent.PresenceChanged(account), heard.next());
    }

    @Test
    void tellsNobodyElse() {
        HeardEvents ofSecond = HeardEvents.of(there(), second);
        HeardEvents ofAccount = HeardEvents.of(there(), account);

        here().publish(new BusEvent.Mail(first));
        here().publish(new BusEvent.Revoked(second));
        here().publish(new BusEvent.PresenceChanged(account));

        assertEquals(new BusEvent.Revoked(second), ofSecond.next());
        assertEquals(new BusEvent.PresenceChanged(account), ofAccount.next());
    }

    @Test
    void tellsEveryListenerOfATopic() {
        HeardEvents one = HeardEvents.of(there(), first);
        HeardEvents another = HeardEvents.of(there(), first);

        here().publish(new BusEvent.Mail(first));

        assertEquals(new BusEvent.Mail(first), one.next());
        assertEquals(new BusEvent.Mail(first), another.next());
    }

    @Test
    void keepsTheOrderOfOneCallerAndTheBytesOfAFrame() {
        HeardEvents heard = HeardEvents.of(there(), first);

        for (int number = 0; number < 300; number++) {
            here().publish(frame(number));
        }

        for (int number = 0; number < 300; number++) {
            assertEquals(frame(number), heard.next());
        }
    }

    @Test
    void anEndedListenerHearsNothingAndAnotherGoesOn() {
        HeardEvents ended = HeardEvents.of(there(), first);
        HeardEvents left = HeardEvents.of(there(), first);

        ended.end();
        HeardEvents.of(there(), second);
        here().publish(new BusEvent.Mail(first));

        assertEquals(new BusEvent.Mail(first), left.next());
        assertTrue(ended.isEmpty());
    }

    @Test
    void saysWhetherSomebodyListens() {
        assertFalse(delivered(frame(1)));

        HeardEvents heard = HeardEvents.of(there(), first);
        assertTrue(delivered(frame(2)));
        assertEquals(frame(2), heard.next());

        heard.end();
        HeardEvents.of(there(), second);
        assertFalse(delivered(frame(3)));
    }

    @Test
    void aTopicThatIsLeftAndTakenUpAgainIsHeard() {
        HeardEvents.of(there(), first).end();
        HeardEvents again = HeardEvents.of(there(), first);

        here().publish(new BusEvent.Mail(first));

        assertEquals(new BusEvent.Mail(first), again.next());
    }

    protected final boolean delivered(BusEvent event) {
        return here().deliver(event).await().atMost(PATIENCE);
    }

    private BusEvent.Frame frame(int number) {
        return new BusEvent.Frame(first, Buffer.buffer().appendInt(number).appendBytes(new byte[] {0, 13, 10, -1}));
    }
}
