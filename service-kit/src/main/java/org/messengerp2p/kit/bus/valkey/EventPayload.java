package org.messengerp2p.kit.bus.valkey;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.Topic;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;

/**
 * Events as Valkey carries them. The channel names the device or the account, the payload is {@code u8 kind | rest}. A
 * frame has a rest, and a hint of mail may have one, {@code u64} microseconds since 1970. What else follows the kind is
 * passed over, so that a later version may say more to replicas that do not know it yet.
 */
public final class EventPayload {

    private static final byte MAIL = 'm';
    private static final byte REVOKED = 'r';
    private static final byte NEW_DELIVERY_TOKEN = 't';
    private static final byte FRAME = 'f';
    private static final byte CLAIMED = 'c';
    private static final byte PRESENCE_CHANGED = 'p';

    private static final String DEVICE_CHANNEL = "mp2p:device:";
    private static final String ACCOUNT_CHANNEL = "mp2p:account:";

    private EventPayload() {}

    /** The channel of a topic. */
    public static String channel(Topic topic) {
        if (topic instanceof Topic.OfDevice of) {
            Device device = of.device();
            return DEVICE_CHANNEL
                    + device.account().base64url()
                    + ':'
                    + device.device().value();
        }
        return ACCOUNT_CHANNEL + ((Topic.OfAccount) topic).account().base64url();
    }

    /** The payload of an event. */
    public static Buffer of(BusEvent event) {
        if (event instanceof BusEvent.Frame frame) {
            return Buffer.buffer(1 + frame.bytes().length()).appendByte(FRAME).appendBuffer(frame.bytes());
        }
        Buffer payload = Buffer.buffer(1).appendByte(kindOf(event));
        if (event instanceof BusEvent.Mail mail) {
            mail.told().ifPresent(time -> payload.appendLong(ChronoUnit.MICROS.between(Instant.EPOCH, time)));
        }
        return payload;
    }

    /** @return empty if this is nothing that may be told on this topic */
    static Optional<BusEvent> parse(Topic topic, Buffer payload) {
        if (payload.length() == 0) {
            return Optional.empty();
        }
        byte kind = payload.getByte(0);
        if (topic instanceof Topic.OfDevice of && kind == FRAME) {
            return Optional.of(new BusEvent.Frame(of.device(), payload.getBuffer(1, payload.length())));
        }
        return Optional.ofNullable(
                topic instanceof Topic.OfDevice of
                        ? ofDevice(of.device(), kind, payload)
                        : ofAccount(((Topic.OfAccount) topic).account(), kind));
    }

    private static BusEvent ofDevice(Device device, byte kind, Buffer payload) {
        return switch (kind) {
            case MAIL -> new BusEvent.Mail(device, toldAt(payload));
            case REVOKED -> new BusEvent.Revoked(device);
            case CLAIMED -> new BusEvent.Claimed(device);
            default -> null;
        };
    }

    private static Optional<Instant> toldAt(Buffer payload) {
        return payload.length() < 1 + Long.BYTES
                ? Optional.empty()
                : Optional.of(Instant.EPOCH.plus(payload.getLong(1), ChronoUnit.MICROS));
    }

    private static BusEvent ofAccount(AccountId account, byte kind) {
        return switch (kind) {
            case NEW_DELIVERY_TOKEN -> new BusEvent.NewDeliveryToken(account);
            case PRESENCE_CHANGED -> new BusEvent.PresenceChanged(account);
            default -> null;
        };
    }

    private static byte kindOf(BusEvent event) {
        if (event instanceof BusEvent.Mail) {
            return MAIL;
        }
        if (event instanceof BusEvent.Revoked) {
            return REVOKED;
        }
        if (event instanceof BusEvent.NewDeliveryToken) {
            return NEW_DELIVERY_TOKEN;
        }
        return event instanceof BusEvent.Claimed ? CLAIMED : PRESENCE_CHANGED;
    }
}
