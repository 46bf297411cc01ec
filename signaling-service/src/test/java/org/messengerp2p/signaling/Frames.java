package org.messengerp2p.signaling;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;

/** Binary frames of MP2P/1 §20.1 as a client writes and reads them. */
public record Frames(int type, Device device, long ref, Buffer payload) {

    public static final int RELAY = 1;
    public static final int TAKEN = 2;
    public static final int NOT_HERE = 3;

    public static Buffer relay(Device to, long ref, String payload) {
        return relay(to, ref, Buffer.buffer(payload));
    }

    public static Buffer relay(Device to, long ref, Buffer payload) {
        return frame(RELAY, to, ref, payload);
    }

    public static Buffer taken(Device from, long ref, long... further) {
        Buffer refs = Buffer.buffer();
        Arrays.stream(further).forEach(refs::appendUnsignedInt);
        return frame(TAKEN, from, ref, refs);
    }

    public static Buffer frame(int type, Device device, long ref, Buffer payload) {
        return Buffer.buffer()
                .appendByte((byte) type)
                .appendBytes(device.account().bytes())
                .appendUnsignedInt(device.device().value())
                .appendUnsignedInt(ref)
                .appendBuffer(payload);
    }

    public static Frames parse(Buffer bytes) {
        return new Frames(
                bytes.getByte(0),
                new Device(AccountId.of(bytes.getBytes(1, 17)), new DeviceId(bytes.getUnsignedInt(17))),
                bytes.getUnsignedInt(21),
                bytes.getBuffer(25, bytes.length()));
    }

    public String text() {
        return payload.toString();
    }
}
