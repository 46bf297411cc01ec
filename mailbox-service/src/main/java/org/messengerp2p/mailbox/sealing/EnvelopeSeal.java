package org.messengerp2p.mailbox.sealing;

import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.secret.KeysetFile;
import org.messengerp2p.mailbox.EnvelopeId;
import org.messengerp2p.mailbox.MailboxSettings;

/**
 * Seals envelopes for the database: against a stolen disk or backup, since they are ciphertext of the end
 * devices already. Made at start, so that a broken keyset or library stops the start and not the first request.
 */
@Singleton
@Startup
public class EnvelopeSeal {

    private static final byte[] TABLE = "envelope".getBytes(StandardCharsets.US_ASCII);

    private final LiveKeyset keyset;

    EnvelopeSeal(MailboxSettings settings) throws GeneralSecurityException {
        this.keyset = new LiveKeyset(
                "of the envelopes", KeysetFile.aead(settings.keyset()).makeMissing(settings.makeMissingKeyset()));
    }

    public byte[] seal(Device recipient, EnvelopeId id, byte[] envelope) {
        return keyset.seal(envelope, place(recipient, id));
    }

    /** @return empty if no key of the keyset opens it in this place */
    public Optional<byte[]> open(Device recipient, EnvelopeId id, byte[] sealed) {
        return keyset.open(sealed, place(recipient, id));
    }

    LiveKeyset keyset() {
        return keyset;
    }

    /** Table, row, recipient: what is sealed for one row opens in no other. */
    private static byte[] place(Device recipient, EnvelopeId id) {
        return ByteBuffer.allocate(TABLE.length + 16 + 16 + Integer.BYTES)
                .put(TABLE)
                .put(id.bytes())
                .put(recipient.account().bytes())
                .putInt((int) recipient.device().value())
                .array();
    }
}
