package org.messengerp2p.auth.token;

import java.time.Instant;
import java.util.UUID;

/** A signed PENDING token, worth nothing before {@link PendingTokens} has stored it. */
public record IssuedPending(UUID tokenId, Instant endsAt, String token) {
    @Override
    public String toString() {
        return "IssuedPending[…]";
    }
}
