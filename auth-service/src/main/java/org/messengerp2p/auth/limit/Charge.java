package org.messengerp2p.auth.limit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.messengerp2p.auth.account.Username;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.limit.AddressPrefix;

/** One use of a limit by somebody. {@link #toString()} tells nothing of whom, so that no log line can. */
public final class Charge {
    private final AuthLimit limit;
    private final byte[] whose;

    private Charge(AuthLimit limit, byte[] whose) {
        this.limit = limit;
        this.whose = whose;
    }

    public static Charge of(AuthLimit limit, AddressPrefix address) {
        return new Charge(
                limit,
                ByteBuffer.allocate(1 + Long.BYTES)
                        .put((byte) (address.ipv6() ? 6 : 4))
                        .putLong(address.bits())
                        .array());
    }

    public static Charge of(AuthLimit limit, AccountId account) {
        return new Charge(limit, account.bytes());
    }

    public static Charge of(AuthLimit limit, Username name) {
        return new Charge(limit, name.value().getBytes(StandardCharsets.UTF_8));
    }

    /** For what one account does to another. */
    public static Charge of(AuthLimit limit, AccountId account, AccountId other) {
        return new Charge(
                limit,
                ByteBuffer.allocate(2 * 16)
                        .put(account.bytes())
                        .put(other.bytes())
                        .array());
    }

    /** For what all share. */
    public static Charge ofAll(AuthLimit limit) {
        return new Charge(limit, new byte[0]);
    }

    AuthLimit limit() {
        return limit;
    }

    /** What the key of its row is made of: the name of the limit, a zero, whose it is. */
    byte[] named() {
        byte[] name = limit.setting().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(name.length + 1 + whose.length)
                .put(name)
                .put((byte) 0)
                .put(whose)
                .array();
    }

    @Override
    public String toString() {
        return "Charge[" + limit + "]";
    }
}
