package org.messengerp2p.signaling.relay;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.UUID;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;

/**
 * A binary frame of {@code /ws}: {@code u8 type | account 16 | u32 device | u32 ref | payload} (MP2P/1 §20.1). Kept
 * as the bytes that came; the server changes the address and nothing else.
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
    private final Buffer bytes;

    private RelayFrame(Type type, Device device, Buffer bytes) {
        this.type = type;
        this.device = device;
        this.bytes = bytes;
    }

    /** @return empty unless this is a frame that a client may send, of the right form */
    static Optional<RelayFrame> parse(Buffer bytes) {
        return parsed(bytes).filter(frame -> frame.type != Type.NOT_HERE);
    }

    /** @return empty unless this is a frame as its addressee gets it, of the right form */
    static Optional<RelayFrame> parsePassed(Buffer bytes) {
        return parsed(bytes);
    }

    private static Optional<RelayFrame> parsed(Buffer bytes) {
        if (bytes.length() < PAYLOAD_AT) {
            return Optional.empty();
        }
        long device = bytes.getUnsignedInt(DEVICE_AT);
        Type type = typeOf(bytes.getByte(0));
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
        return bytes.getInt(REF_AT);
    }

    int payloadLength() {
        return bytes.length() - PAYLOAD_AT;
    }

    /** The frame as its addressee gets it. Written over the bytes that came, which nobody else holds. */
    Buffer from(Device sender) {
        address(bytes, sender);
        return bytes;
    }

    /** The answer that the addressee of this RELAY does not take it. */
    Buffer notHere(Device addressee) {
        Buffer answer = Buffer.buffer(PAYLOAD_AT).appendBuffer(bytes, 0, PAYLOAD_AT);
        answer.setByte(0, Type.NOT_HERE.code);
        address(answer, addressee);
        return answer;
    }

    // In place, by halves: each array on the way is paid for with every frame (RelayAllocationTest).
    private static AccountId accountIn(Buffer frame) {
        return new AccountId(new UUID(frame.getLong(ACCOUNT_AT), frame.getLong(ACCOUNT_AT + Long.BYTES)));
    }

    private static void address(Buffer frame, Device device) {
        UUID account = device.account().value();
        frame.setLong(ACCOUNT_AT, account.getMostSignificantBits());
        frame.setLong(ACCOUNT_AT + Long.BYTES, account.getLeastSignificantBits());
        frame.setUnsignedInt(DEVICE_AT, device.device().value());
    }

    private static Type typeOf(byte code) {
        for (Type type : TYPES) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }

    private static boolean hasItsForm(Type type, Buffer bytes) {
        return switch (type) {
            case RELAY -> true;
            case TAKEN -> holdsRefs(bytes);
            case NOT_HERE -> bytes.length() == PAYLOAD_AT;
        };
    }

    private static boolean holdsRefs(Buffer bytes) {
        int length = bytes.length() - PAYLOAD_AT;
        return length % REF_LENGTH == 0 && length / REF_LENGTH <= MOST_FURTHER_REFS;
    }
}
