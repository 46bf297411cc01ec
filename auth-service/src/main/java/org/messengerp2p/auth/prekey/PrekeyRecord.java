package org.messengerp2p.auth.prekey;

import java.util.Arrays;
import org.messengerp2p.auth.wire.FormatException;
import org.messengerp2p.auth.wire.RecordReader;
import org.messengerp2p.auth.wire.Signed;
import org.messengerp2p.auth.wire.VerifyingKey;
import org.messengerp2p.kit.identity.Device;

/** A prekey record whose form and signature have been verified (MP2P/1 §2). */
record PrekeyRecord(PrekeyKind kind, long keyId, long createdMs, byte[] encoded) {
    private static final int SIGNATURE_LENGTH = 64;

    static PrekeyRecord verified(byte[] encoded, Device device, VerifyingKey dsk) throws FormatException {
        RecordReader record = new RecordReader(encoded);
        PrekeyKind kind = PrekeyKind.of(record.u8());
        long keyId = record.u32();
        if (keyId == 0) {
            throw new FormatException("a key id is zero");
        }
        long createdMs = record.u64();
        record.take(kind.publicLength());
        byte[] unsigned = Arrays.copyOf(encoded, record.position());
        byte[] signature = record.take(SIGNATURE_LENGTH);
        record.expectEnd();
        if (!Signed.PREKEY.by(dsk, signature, device.account().bytes(), bytes(device), unsigned)) {
            throw new FormatException("the signature of a prekey does not verify");
        }
        return new PrekeyRecord(kind, keyId, createdMs, encoded.clone());
    }

    private static byte[] bytes(Device device) {
        long id = device.device().value();
        return new byte[] {(byte) (id >> 24), (byte) (id >> 16), (byte) (id >> 8), (byte) id};
    }
}
