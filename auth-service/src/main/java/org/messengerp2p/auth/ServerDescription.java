package org.messengerp2p.auth;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The {@code server} object of MP2P/1 §20. */
@Schema(name = "Server")
public record ServerDescription(
        @Schema(description = "lower case, no port, no trailing dot")
        String canonicalHost,

        @Schema(minimum = "1", maximum = "365") int mailboxTtlDays,

        @Schema(ref = "PublicKey") byte[] logKey) {
    public static ServerDescription of(ServerSettings settings) {
        return new ServerDescription(settings.canonicalHost(), settings.mailboxTtlDays(), settings.logKey());
    }
}
