package org.messengerp2p.testkit;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.DeviceId;

/**
 * An account with real keys, certificates and a vault of the right form, for tests that register (MP2P/1 §2, §9.3).
 * What only clients can open is random bytes.
 */
public final class TestAccount {
    public static final int M_KIB = 65_536;
    public static final int T = 3;

    private static final byte[] NOTHING_BEFORE = new byte[32];
    private static final int WRAPPED_KEY_LENGTH = 72 + 32;
    private static final int SEALED_ITEMS_LENGTH = 72 + 4096;

    private final String username;
    private final SigningSeed aik = new SigningSeed();
    private final AccountId id;
    private final byte[] authSecret = RecordBytes.random(32);
    private final TestDevice firstDevice;
    private final byte[] firstList;
    private final byte[] wrappedKey = RecordBytes.random(WRAPPED_KEY_LENGTH);

    private TestAccount(String username) {
        this.username = username;
        this.id = AccountId.of(Arrays.copyOf(
                RecordBytes.sha256(new RecordBytes()
                        .ascii("MP2P/1/aid\0")
                        .raw(aik.publicKey())
                        .toBytes()),
                16));
        this.firstDevice = newDevice();
        this.firstList = list(1, NOTHING_BEFORE, firstDevice);
    }

    public static TestAccount named(String username) {
        return new TestAccount(username);
    }

    /** With a name that no other account has. */
    public static TestAccount anybody() {
        return named("user-" + Long.toHexString(RecordBytes.randomId()) + Long.toHexString(RecordBytes.randomId()));
    }

    public String username() {
        return username;
    }

    public AccountId id() {
        return id;
    }

    public byte[] authSecret() {
        return authSecret.clone();
    }

    /** The device of the registration. */
    public TestDevice device() {
        return firstDevice;
    }

    /** Another device of this account, in no list yet. */
    public TestDevice newDevice() {
        return new TestDevice(id, aik.publicKey());
    }

    /** A device of this account with an id that may be another's. */
    public TestDevice newDevice(DeviceId id) {
        return new TestDevice(this.id, aik.publicKey(), id);
    }

    /** A device of this account that says it was added then. */
    public TestDevice newDevice(long addedMs) {
        return new TestDevice(id, aik.publicKey(), DeviceId.of(RecordBytes.randomId()), addedMs);
    }

    /** The list of the registration. */
    public byte[] firstList() {
        return firstList.clone();
    }

    /** The list that comes after another one, by its bytes. */
    public byte[] listAfter(byte[] previous, TestDevice... devices) {
        long version = new BigInteger(1, Arrays.copyOfRange(previous, 50, 54)).longValueExact() + 1;
        return list(version, RecordBytes.sha256(previous), devices);
    }

    public byte[] list(long version, byte[] prevHash, TestDevice... devices) {
        RecordBytes list = new RecordBytes()
                .u8(1)
                .u8(1)
                .raw(id.bytes())
                .raw(aik.publicKey())
                .u32(version)
                .u64(System.currentTimeMillis())
                .raw(prevHash)
                .u8(devices.length);
        for (TestDevice device : devices) {
            list.raw(device.entry());
        }
        return signed(list.toBytes());
    }

    /** Signs what a test has made of a list. */
    public byte[] signed(byte[] listWithoutSignature) {
        return new RecordBytes()
                .raw(listWithoutSignature)
                .raw(aik.sign("dlc", listWithoutSignature))
                .toBytes();
    }

    /** A vault under the keys of the registration. */
    public byte[] vault(byte[] serverSalt, long version) {
        return vault(1, M_KIB, T, serverSalt, version);
    }

    public byte[] vault(long vrkGen, long mKib, long t, byte[] serverSalt, long version) {
        return vault(vrkGen, mKib, t, serverSalt, wrappedKey, new byte[0], version);
    }

    private static byte[] vault(
            long vrkGen, long mKib, long t, byte[] serverSalt, byte[] byPassword, byte[] byCode, long version) {
        return new RecordBytes()
                .u8(1)
                .u32(vrkGen)
                .u32(mKib)
                .u32(t)
                .u8(1)
                .raw(serverSalt)
                .u16(byPassword.length)
                .raw(byPassword)
                .u16(byCode.length)
                .raw(byCode)
                .u8(1)
                .u32(version)
                .raw(RecordBytes.random(SEALED_ITEMS_LENGTH))
                .toBytes();
    }

    /** Body of POST /accounts, with 4 OPK and 2 PQO. */
    public Map<String, Object> registration(byte[] serverSalt) {
        return registration(serverSalt, firstDevice.prekeys(4, 2));
    }

    public Map<String, Object> registration(byte[] serverSalt, List<byte[]> prekeys) {
        Map<String, Object> body = new HashMap<>();
        body.put("username", username);
        body.put("m_kib", M_KIB);
        body.put("t", T);
        body.put("p", 1);
        body.put("auth_secret", RecordBytes.base64url(authSecret));
        body.put("dlc", RecordBytes.base64url(firstList));
        body.put("prekeys", prekeys.stream().map(RecordBytes::base64url).toList());
        body.put("vault", RecordBytes.base64url(vault(serverSalt, 1)));
        return body;
    }

    /** Body of PUT /password, at the cost of the registration. */
    public Map<String, Object> passwordChange(Map<String, Object> proof, TestSecrets next, VaultAt at) {
        return passwordChange(proof, next, at, M_KIB, T);
    }

    public Map<String, Object> passwordChange(
            Map<String, Object> proof, TestSecrets next, VaultAt at, int mKib, int t) {
        byte[] byCode = RecordBytes.random(next.recAuth().isPresent() ? WRAPPED_KEY_LENGTH : 0);
        byte[] vault = vault(
                at.vrkGen(), mKib, t, at.serverSalt(), RecordBytes.random(WRAPPED_KEY_LENGTH), byCode, at.version());
        Map<String, Object> body = new HashMap<>();
        body.put("proof", proof);
        body.put("m_kib", mKib);
        body.put("t", t);
        body.put("p", 1);
        body.put("auth_secret", RecordBytes.base64url(next.authSecret()));
        next.recAuth().ifPresent(code -> body.put("rec_auth", RecordBytes.base64url(code)));
        body.put("vault", RecordBytes.base64url(vault));
        return body;
    }

    /** Where a vault stands: the salt of its name, its keys' generation, its version. */
    public record VaultAt(byte[] serverSalt, long vrkGen, long version) {
        /** The one that the next change of password makes. */
        public VaultAt rekeyed() {
            return new VaultAt(serverSalt, vrkGen + 1, version + 1);
        }
    }
}
