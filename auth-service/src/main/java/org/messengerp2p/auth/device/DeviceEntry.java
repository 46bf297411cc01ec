package org.messengerp2p.auth.device;

import java.util.Arrays;
import org.messengerp2p.auth.wire.FormatException;
import org.messengerp2p.auth.wire.RecordReader;
import org.messengerp2p.auth.wire.Signed;
import org.messengerp2p.auth.wire.VerifyingKey;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.DeviceId;

/**
 * One device in a list (MP2P/1 §2).
 *
 * @param dsk the device's Ed25519 public key
 * @param signedPart device_id … flags as they stand in the list; it is the same in every list that has the device
 */
public record DeviceEntry(DeviceId id, byte[] dsk, long addedMs, byte[] signedPart, byte[] signature) {
    private static final int SIGNED_LENGTH = 77;
    private static final int KEY_LENGTH = 32;
    private static final int SIGNATURE_LENGTH = 64;
    private static final int KNOWN_FLAGS = 0b11;

    static DeviceEntry read(RecordReader list) throws FormatException {
        byte[] signedPart = list.take(SIGNED_LENGTH);
        byte[] signature = list.take(SIGNATURE_LENGTH);
        RecordReader entry = new RecordReader(signedPart);
        long id = entry.u32();
        byte[] dsk = entry.take(KEY_LENGTH);
        entry.take(KEY_LENGTH);
        long addedMs = entry.u64();
        int flags = entry.u8();
        entry.expectEnd();
        if (id == 0) {
            throw new FormatException("a device id is zero");
        }
        if ((flags & ~KNOWN_FLAGS) != 0) {
            throw new FormatException("a device has unknown flags");
        }
        return new DeviceEntry(DeviceId.of(id), dsk, addedMs, signedPart, signature);
    }

    void verify(AccountId account, byte[] aik) throws FormatException {
        if (!Signed.DEVICE.by(VerifyingKey.checked(dsk), signature, account.bytes(), aik, signedPart)) {
            throw new FormatException("the signature of a device does not verify");
        }
    }

    boolean sameAs(DeviceEntry other) {
        return Arrays.equals(signedPart, other.signedPart);
    }
}
