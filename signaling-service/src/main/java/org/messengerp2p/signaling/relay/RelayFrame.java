package org.messengerp2p.signaling.relay;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;

/**
 * A binary frame of {@code /ws}: {@code u8 type | account 16 | u32 device | u32 ref | payload} (MP2P/1 §20.1), over the
 * bytes that came and while these are there; the server changes the address and nothing else.
 */
final class RelayFrame {

    /** What a frame is. */
    enum Type {
        RELAY(1),
        TAKEN(2),
        NOT_HERE(3);

        private final byte code;

        Type(int code) {
            this.code = (byte) code;
        }
    }

    private static final Type[] TYPES = Type.values();
    private static final int ACCOUNT_AT = 1;
    private static final int ACCOUNT_LENGTH = 16;
    private static final int DEVICE_AT = ACCOUNT_AT + ACCOUNT_LENGTH;
    private static final int REF_AT = DEVICE_AT + 4;
    private static final int PAYLOAD_AT = REF_AT + 4;
    private static final int REF_LENGTH = 4;
    private static final int MOST_FURTHER_REFS = 255;

    private final Type type;
    private final Device device;
    private final ByteBuf bytes;

    private RelayFrame(Type type, Device device, ByteBuf bytes) {
        this.type = type;
        this.device = device;
        this.bytes = bytes;
    }

    /** @return empty unless this is a frame that a client may send, of the right form */
    static Optional<RelayFrame> parse(ByteBuf bytes) {
        return parsed(bytes).filter(frame -> frame.type != Type.NOT_HERE);
    }

    /** @return empty unless this is a frame as its addressee gets it, of the right form */
    @SuppressWarnings("deprecation") // What Vert.x 5 has in its place is not there yet.
    static Optional<RelayFrame> parsePassed(Buffer bytes) {
        return parsed(bytes.getByteBuf());
    }

    private static Optional<RelayFrame> parsed(ByteBuf bytes) {
        if (bytes.readableBytes() < PAYLOAD_AT) {
            return Optional.empty();
        }
        int begin = bytes.readerIndex();
        long device = bytes.getUnsignedInt(begin + DEVICE_AT);
        Type type = typeOf(bytes.getByte(begin));
        if (type == null || device == 0 || !hasItsForm(type, bytes)) {
            return Optional.empty();
        }
        return Optional.of(new RelayFrame(type, new Device(accountIn(bytes), new DeviceId(device)), bytes));
    }

    Type type() {
        return type;
    }

    /** The device in the frame: the addressee in one that a client sends, the sender in one that is passed on. */
    Device device() {
        return device;
    }

    /** Chosen by the sender of the RELAY; an unsigned number. */
    int ref() {
        return bytes.getInt(bytes.readerIndex() + REF_AT);
    }

    int length() {
        return bytes.readableBytes();
    }

    int payloadLength() {
        return length() - PAYLOAD_AT;
    }

    /** The frame as its addressee gets it; a copy. */
    byte[] from(Device sender) {
        return copy(length(), type, sender);
    }

    /** The answer that the addressee of this RELAY does not take it. */
    Buffer notHere(Device addressee) {
        return Buffer.buffer(copy(PAYLOAD_AT, Type.NOT_HERE, addressee));
    }

    private byte[] copy(int length, Type type, Device address) {
        byte[] copy = new byte[length];
        bytes.getBytes(bytes.readerIndex(), copy);
        UUID account = address.account().value();
        ByteBuffer.wrap(copy)
                .put(type.code)
                .putLong(account.getMostSignificantBits())
                .putLong(account.getLeastSignificantBits())
                .putInt((int) address.device().value());
        return copy;
    }

    // In place, by halves: each array on the way is paid for with every frame (RelayAllocationTest).
    private static AccountId accountIn(ByteBuf frame) {
        int account = frame.readerIndex() + ACCOUNT_AT;
        return new AccountId(new UUID(frame.getLong(account), frame.getLong(account + Long.BYTES)));
    }

    private static Type typeOf(byte code) {
        for (Type type : TYPES) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }

    private static boolean hasItsForm(Type type, ByteBuf bytes) {
        return switch (type) {
            case RELAY -> true;
            case TAKEN -> holdsRefs(bytes);
            case NOT_HERE -> bytes.readableBytes() == PAYLOAD_AT;
        };
    }

    private static boolean holdsRefs(ByteBuf bytes) {
        int length = bytes.readableBytes() - PAYLOAD_AT;
        return length % REF_LENGTH == 0 && length / REF_LENGTH <= MOST_FURTHER_REFS;
    }
}
