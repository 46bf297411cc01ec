package org.messengerp2p.mailbox.sealing;

import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.kit.secret.KeysetFile;
import org.messengerp2p.mailbox.MailboxSettings;

/** Seals archives for the database by a keyset of their own, {@code archive.json} beside that of the envelopes. */
@Singleton
@Startup
public class ArchiveSeal {

    private final LiveKeyset keyset;

    ArchiveSeal(MailboxSettings settings) throws GeneralSecurityException {
        this.keyset = new LiveKeyset(
                "of the archive",
                KeysetFile.aead(settings.keyset().resolveSibling("archive.json"))
                        .makeMissing(settings.makeMissingKeyset()));
    }

    public byte[] seal(Row row, byte[] content) {
        return keyset.seal(content, row.bytes());
    }

    /** @return empty if no key of the keyset opens it in this row */
    public Optional<byte[]> open(Row row, byte[] sealed) {
        return keyset.open(sealed, row.bytes());
    }

    /** How every row begins that is sealed by the newest key. */
    public byte[] prefix() {
        return keyset.prefix();
    }

    /** Whether rows may be sealed by another key than the newest. */
    public boolean hasOtherKeys() {
        return keyset.hasOthers();
    }

    LiveKeyset keyset() {
        return keyset;
    }

    /** Table, account and key of a row: what is sealed for one row opens in no other. */
    public record Row(Table table, AccountId account, DeviceId device, long gen, long first, long second) {

        /** @param manNo so that a manifest put back into its row does not open as a newer one */
        public static Row manifest(AccountId account, DeviceId device, long gen, long manNo) {
            return new Row(Table.MANIFEST, account, device, gen, manNo, 0);
        }

        public static Row segment(AccountId account, DeviceId device, long gen, long segNo, long rev) {
            return new Row(Table.SEGMENT, account, device, gen, segNo, rev);
        }

        private byte[] bytes() {
            return ByteBuffer.allocate(table.name.length + 16 + 4 * Long.BYTES)
                    .put(table.name)
                    .put(account.bytes())
                    .putLong(device.value())
                    .putLong(gen)
                    .putLong(first)
                    .putLong(second)
                    .array();
        }

        @Override
        public String toString() {
            return "Row[…]";
        }
    }

    /** Which kind of row. */
    public enum Table {
        MANIFEST("archive_manifest"),
        SEGMENT("archive_segment");

        private final byte[] name;

        Table(String name) {
            this.name = name.getBytes(StandardCharsets.US_ASCII);
        }
    }
}
