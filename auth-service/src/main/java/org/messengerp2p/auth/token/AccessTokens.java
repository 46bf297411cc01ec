package org.messengerp2p.auth.token;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** One token a service; what one of them is shown does not open another. */
public record AccessTokens(
        @Schema(ref = "Token") String auth,
        @Schema(ref = "Token") String mailbox,
        @Schema(ref = "Token") String signaling) {
    @Override
    public String toString() {
        return "AccessTokens[…]";
    }
}
