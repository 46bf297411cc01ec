package org.messengerp2p.mailbox.sealing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.MailboxTest;

@QuarkusTest
class AtRestTest extends MailboxTest {

    private static final HexFormat HEX = HexFormat.of();

    @ConfigProperty(name = "mp2p.mailbox.keyset")
    Path keyset;

    @Test
    void nothingThatWaitsCanBeReadInTheDatabase() {
        Device alice = newListedDevice();
        Device bob = newListedDevice();
        byte[] envelope = random(1000);
        byte[] token = random(16);
        api.putDeliveryToken(bob, token).is(204);
        api.messages(alice, bob.account(), 1, Addressed.to(bob, envelope)).is(200);

        String rows = rowsOf(bob);

        assertTrue(rows.contains(bob.account().value().toString()), "the search finds what is there");
        for (int at = 0; at + 8 <= envelope.length; at += 8) {
            assertFalse(rows.contains(HEX.formatHex(envelope, at, at + 8)));
        }
        assertFalse(rows.contains(HEX.formatHex(token)));
        assertFalse(rows.contains(alice.account().value().toString()), "no sender");
        assertFalse(rows.contains(HEX.formatHex(alice.account().bytes())), "no sender");
    }

    @Test
    void aRowDoesNotOpenInAnothersPlace() {
        Device bob = newListedDevice();
        Device eve = newListedDevice();
        api.messages(bob, bob.account(), 1, Addressed.to(bob, random(100)), Addressed.to(bob, random(100)))
                .is(200);
        api.messages(eve, eve.account(), 1, Addressed.to(eve, random(100))).is(200);

        String bobs = HEX.formatHex(column("select sealed from envelope where position = 1 and account = '"
                        + bob.account().value() + "'")
                .get(0));
        update("update envelope set sealed = '\\x%s' where account = '%s'"
                .formatted(bobs, eve.account().value()));
        update("update envelope set sealed = '\\x%s' where account = '%s' and position = 2"
                .formatted(bobs, bob.account().value()));

        assertEquals(0, api.collect(eve).envelopes().size());
        assertEquals(1, api.collect(bob).envelopes().size());
    }

    @Test
    void theSameEnvelopeLooksDifferentEachTime() {
        Device bob = newListedDevice();
        Device second = new Device(bob.account(), newDeviceId());
        list(bob.account(), 2, bob.device(), second.device());
        byte[] envelope = random(100);

        api.messages(bob, bob.account(), 2, Addressed.to(bob, envelope), Addressed.to(second, envelope))
                .is(200);

        List<byte[]> sealed = column(
                "select sealed from envelope where account = '" + bob.account().value() + "'");
        assertEquals(2, sealed.size());
        assertFalse(Arrays.equals(sealed.get(0), sealed.get(1)));
    }

    @Test
    void tellsTheMinuteOfArrivalAndNoMore() {
        Device bob = newListedDevice();
        api.messages(bob, bob.account(), 1, Addressed.to(bob, random(100))).is(200);

        assertEquals(
                0,
                number("select extract(second from received_at)::integer::text from envelope where account = '"
                        + bob.account().value() + "'"));
    }

    @Test
    void theKeysetIsForItsOwnerAlone() throws Exception {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keyset)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keyset.getParent())));
    }

    /** Every column of every table of the account, bytes as hex. */
    private String rowsOf(Device device) {
        StringBuilder rows = new StringBuilder();
        for (String table : List.of("recipient", "mailbox", "envelope")) {
            column("select row_to_json(t)::text from " + table + " t where account = '"
                            + device.account().value() + "'")
                    .forEach(row -> rows.append(new String(row, StandardCharsets.UTF_8)));
        }
        return rows.toString();
    }
}
