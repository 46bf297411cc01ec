package org.messengerp2p.testkit;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.crypto.generators.MLKEMKeyPairGenerator;
import org.bouncycastle.crypto.params.MLKEMKeyGenerationParameters;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;

/** A device with keys of its own: its entry in the list, its prekeys, its login proof (MP2P/1 §2, §9.2). */
public final class TestDevice {
    public static final int SPK = 1;
    public static final int OPK = 2;
    public static final int PQL = 3;
    public static final int PQO = 4;

    private final Device device;
    private final SigningSeed dsk = new SigningSeed();
    private final byte[] entry;

    TestDevice(AccountId account, byte[] aik) {
        this(account, aik, DeviceId.of(RecordBytes.randomId()));
    }

    TestDevice(AccountId account, byte[] aik, DeviceId id) {
        this(account, aik, id, System.currentTimeMillis());
    }

    TestDevice(AccountId account, byte[] aik, DeviceId id, long addedMs) {
        this.device = new Device(account, id);
        byte[] signedPart = new RecordBytes()
                .u32(id.value())
                .raw(dsk.publicKey())
                .raw(x25519())
                .u64(addedMs)
                .u8(1)
                .toBytes();
        byte[] message =
                new RecordBytes().raw(account.bytes()).raw(aik).raw(signedPart).toBytes();
        this.entry = new RecordBytes()
                .raw(signedPart)
                .raw(dsk.sign("device", message))
                .toBytes();
    }

    public Device device() {
        return device;
    }

    public DeviceId id() {
        return device.device();
    }

    byte[] entry() {
        return entry.clone();
    }

    /** One record of any kind, made now. */
    public byte[] prekey(int kind, long keyId) {
        return prekey(kind, keyId, System.currentTimeMillis());
    }

    public byte[] prekey(int kind, long keyId, long createdMs) {
        byte[] unsigned = new RecordBytes()
                .u8(kind)
                .u32(keyId)
                .u64(createdMs)
                .raw(kind == SPK || kind == OPK ? x25519() : mlKem768())
                .toBytes();
        byte[] message = new RecordBytes()
                .raw(device.account().bytes())
                .u32(id().value())
                .raw(unsigned)
                .toBytes();
        return new RecordBytes().raw(unsigned).raw(dsk.sign("prekey", message)).toBytes();
    }

    /** SPK, PQL and so many one-time keys, as a first upload has them. */
    public List<byte[]> prekeys(int opks, int pqos) {
        List<byte[]> records = new ArrayList<>();
        records.add(prekey(SPK, RecordBytes.randomId()));
        records.add(prekey(PQL, RecordBytes.randomId()));
        records.addAll(oneTimeKeys(opks, pqos));
        return records;
    }

    public List<byte[]> oneTimeKeys(int opks, int pqos) {
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < opks; i++) {
            records.add(prekey(OPK, RecordBytes.randomId()));
        }
        for (int i = 0; i < pqos; i++) {
            records.add(prekey(PQO, RecordBytes.randomId()));
        }
        return records;
    }

    /** The signature that {@code /refresh} wants. */
    public byte[] loginProof(byte[] nonce, String serverName, long expiryMs) {
        return dsk.sign(
                "login",
                new RecordBytes()
                        .raw(nonce)
                        .u16(serverName.length())
                        .ascii(serverName)
                        .raw(device.account().bytes())
                        .u32(id().value())
                        .u64(expiryMs)
                        .toBytes());
    }

    private static byte[] x25519() {
        byte[] publicKey = new byte[X25519.POINT_SIZE];
        X25519.generatePublicKey(RecordBytes.random(X25519.SCALAR_SIZE), 0, publicKey, 0);
        return publicKey;
    }

    private static byte[] mlKem768() {
        MLKEMKeyPairGenerator generator = new MLKEMKeyPairGenerator();
        generator.init(new MLKEMKeyGenerationParameters(new SecureRandom(), MLKEMParameters.ml_kem_768));
        return ((MLKEMPublicKeyParameters) generator.generateKeyPair().getPublic()).getEncoded();
    }
}
