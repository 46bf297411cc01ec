package org.messengerp2p.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;

/** PostgreSQL says that its disk is full, by its own SQLSTATE, on the second envelope of a request. */
@QuarkusTest
@Tag("one-node")
class StorageFullTest extends MailboxTest {

    @AfterEach
    void makeRoom() {
        update("drop function if exists no_room cascade");
    }

    @Test
    void aStoreIsRefusedAsAWholeAndWhatTakesNoRoomGoesOn() {
        Device bob = newListedDevice();
        send(bob, random(100)).is(200);
        fill();

        Answer refused = send(bob, random(50), random(999)).isProblem(507, "storage-full");

        assertEquals("30", refused.headers().firstValue("Retry-After").orElse(""));
        Answer page = api.collect(bob);
        assertEquals(1, page.envelopes().size());
        api.ack(bob, page.ids()).is(204);
        makeRoom();
        assertEquals(
                List.of("stored", "stored"), send(bob, random(50), random(999)).states());
    }

    private void fill() {
        update("create function no_room() returns trigger language plpgsql as $$ begin"
                + " raise exception 'no space left on device' using errcode = 'disk_full'; end $$");
        update("create trigger no_room before insert on envelope for each row when (new.size = 999)"
                + " execute function no_room()");
    }

    private Answer send(Device to, byte[]... envelopes) {
        Addressed[] addressed = java.util.Arrays.stream(envelopes)
                .map(envelope -> Addressed.to(to, envelope))
                .toArray(Addressed[]::new);
        return api.messages(to, to.account(), 1, addressed);
    }
}
