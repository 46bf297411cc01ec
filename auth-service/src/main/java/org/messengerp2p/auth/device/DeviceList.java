package org.messengerp2p.auth.device;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.messengerp2p.auth.wire.FormatException;
import org.messengerp2p.auth.wire.Hashes;
import org.messengerp2p.auth.wire.RecordReader;
import org.messengerp2p.auth.wire.Signed;
import org.messengerp2p.auth.wire.VerifyingKey;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.DeviceId;

/**
 * A device list certificate (MP2P/1 §2).
 *
 * @param encoded the exact bytes, which are what peers get and what the next list's prev_hash is made of
 */
public record DeviceList(
        AccountId account,
        byte[] aik,
        long version,
        long issuedMs,
        byte[] prevHash,
        List<DeviceEntry> devices,
        byte[] signature,
        byte[] encoded) {
    private static final int MAX_DEVICES = 8;
    private static final int KEY_LENGTH = 32;
    private static final int HASH_LENGTH = 32;
    private static final int ACCOUNT_ID_LENGTH = 16;
    private static final int SIGNATURE_LENGTH = 64;
    private static final byte[] NOTHING_BEFORE = new byte[HASH_LENGTH];

    /**
     * Decodes and verifies every signature, up to nine: work for a worker.
     *
     * @throws FormatException if any byte is not as §2 has it
     */
    public static DeviceList verified(byte[] encoded) throws FormatException {
        DeviceList list = decoded(encoded);
        list.verify();
        return list;
    }

    /** Decodes what was verified when it was stored. */
    static DeviceList decoded(byte[] encoded) throws FormatException {
        RecordReader list = new RecordReader(encoded);
        list.expectU8(1, "the type of the device list");
        list.expectU8(1, "the version of the device list's form");
        byte[] accountId = list.take(ACCOUNT_ID_LENGTH);
        byte[] aik = list.take(KEY_LENGTH);
        AccountId account = Hashes.accountId(aik);
        if (!Arrays.equals(accountId, account.bytes())) {
            throw new FormatException("the account id is not that of the identity key");
        }
        long version = list.u32();
        if (version == 0) {
            throw new FormatException("the list version is zero");
        }
        long issuedMs = list.u64();
        byte[] prevHash = list.take(HASH_LENGTH);
        List<DeviceEntry> devices = devices(list);
        byte[] signature = list.take(SIGNATURE_LENGTH);
        list.expectEnd();
        return new DeviceList(account, aik, version, issuedMs, prevHash, devices, signature, encoded.clone());
    }

    /** A first list: version 1, nothing before it, one device. */
    public boolean isFirst() {
        return version == 1 && devices.size() == 1 && Arrays.equals(prevHash, NOTHING_BEFORE);
    }

    /** The latest time that it names, of itself or of a device. */
    public long latestMs() {
        return devices.stream().mapToLong(DeviceEntry::addedMs).reduce(issuedMs, Math::max);
    }

    /** Whether its prev_hash is that of {@code stored}. */
    boolean isChainedTo(DeviceList stored) {
        return Arrays.equals(prevHash, Hashes.sha256(stored.encoded));
    }

    public List<DeviceId> deviceIds() {
        return devices.stream().map(DeviceEntry::id).toList();
    }

    public Optional<DeviceEntry> entry(DeviceId id) {
        return devices.stream().filter(device -> device.id().equals(id)).findFirst();
    }

    /** Devices of this list that the other does not have. */
    public List<DeviceEntry> without(DeviceList other) {
        return devices.stream()
                .filter(device -> other.entry(device.id()).isEmpty())
                .toList();
    }

    private void verify() throws FormatException {
        byte[] preceding = Arrays.copyOf(encoded, encoded.length - SIGNATURE_LENGTH);
        if (!Signed.DEVICE_LIST.by(VerifyingKey.checked(aik), signature, preceding)) {
            throw new FormatException("the signature of the device list does not verify");
        }
        for (DeviceEntry device : devices) {
            device.verify(account, aik);
        }
    }

    private static List<DeviceEntry> devices(RecordReader list) throws FormatException {
        int count = list.u8();
        if (count < 1 || count > MAX_DEVICES) {
            throw new FormatException("a list has 1 to 8 devices");
        }
        List<DeviceEntry> devices = new ArrayList<>(count);
        Set<DeviceId> ids = new HashSet<>();
        for (int i = 0; i < count; i++) {
            DeviceEntry device = DeviceEntry.read(list);
            if (!ids.add(device.id())) {
                throw new FormatException("a device id stands twice in the list");
            }
            devices.add(device);
        }
        return List.copyOf(devices);
    }
}
