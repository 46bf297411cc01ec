package org.messengerp2p.kit.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Names a device within its account: a random u32 other than zero, never used twice (MP2P/1 §2). */
@Schema(
        type = SchemaType.INTEGER,
        minimum = "1",
        maximum = "4294967295",
        description = "u32 other than zero, unique in its account")
public record DeviceId(long value) {

    private static final long MAX = 0xFFFF_FFFFL;

    public DeviceId {
        if (value < 1 || value > MAX) {
            throw new IllegalArgumentException("a device id is between 1 and 4294967295");
        }
    }

    @JsonCreator
    public static DeviceId of(long value) {
        return new DeviceId(value);
    }

    /** Named so that JAX-RS finds it for path and query parameters. */
    public static DeviceId fromString(String decimal) {
        return new DeviceId(Long.parseLong(decimal));
    }

    @JsonValue
    public long json() {
        return value;
    }

    @Override
    public String toString() {
        return "DeviceId[…]";
    }
}
