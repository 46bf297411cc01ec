package org.messengerp2p.auth.transparency;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.messengerp2p.auth.account.Username;
import org.messengerp2p.auth.device.DeviceList;
import org.messengerp2p.auth.wire.Hashes;
import org.messengerp2p.kit.identity.AccountId;

/** One leaf of the log, 53 bytes (MP2P/1 §10.1): that an account has a list, or that a name stands for an account. */
record Leaf(byte[] bytes) {
    static final int LENGTH = 53;

    private static final byte LIST = 1;
    private static final byte NAME = 2;
    private static final byte[] NAME_LABEL = "MP2P/1/un\0".getBytes(StandardCharsets.US_ASCII);
    private static final int ACCOUNT_ID_LENGTH = 16;
    private static final int U32 = 4;

    Leaf {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a leaf has 53 bytes");
        }
    }

    /** {@code u8 1 | account_id 16 | u32 list_version | H(DLC) 32}. */
    static Leaf of(DeviceList list) {
        return list(list.account(), list.version(), Hashes.sha256(list.encoded()));
    }

    static Leaf list(AccountId account, long version, byte[] listHash) {
        return new Leaf(ByteBuffer.allocate(LENGTH)
                .put(LIST)
                .put(listKey(account, version))
                .put(listHash)
                .array());
    }

    /** {@code u8 2 | name hash 32 | account_id 16 | u32 seq}. */
    static Leaf name(byte[] nameHash, AccountId account, long seq) {
        return new Leaf(ByteBuffer.allocate(LENGTH)
                .put(NAME)
                .put(nameHash)
                .put(account.bytes())
                .putInt((int) seq)
                .array());
    }

    /** What at most one leaf of its type begins with, after the type. */
    static byte[] listKey(AccountId account, long version) {
        return ByteBuffer.allocate(ACCOUNT_ID_LENGTH + U32)
                .put(account.bytes())
                .putInt((int) version)
                .array();
    }

    /** {@code H("MP2P/1/un" || 0x00 || lp16(server_name) || lp16(username))}. */
    static byte[] nameHash(String serverName, Username name) {
        return Hashes.sha256(NAME_LABEL, lengthPrefixed(serverName), lengthPrefixed(name.value()));
    }

    private static byte[] lengthPrefixed(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(2 + ascii.length)
                .putShort((short) ascii.length)
                .put(ascii)
                .array();
    }
}
