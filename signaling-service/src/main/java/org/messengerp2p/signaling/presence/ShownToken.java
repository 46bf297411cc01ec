package org.messengerp2p.signaling.presence;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import org.messengerp2p.kit.identity.AccountId;

/** A delivery token that a device shows for an account (MP2P/1 §6.3); holding it is the permission to watch. */
public record ShownToken(
        @JsonProperty(required = true) AccountId account,
        @JsonProperty(required = true) byte[] token) {

    private static final int LENGTH = 16;

    public ShownToken {
        if (account == null || token == null || token.length != LENGTH) {
            throw new IllegalArgumentException("a watched account has an id and a token of 16 bytes");
        }
    }

    /** By the bytes: the same token, shown by many, is asked about once. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ShownToken shown && account.equals(shown.account) && Arrays.equals(token, shown.token);
    }

    @Override
    public int hashCode() {
        return 31 * account.hashCode() + Arrays.hashCode(token);
    }

    /** Tells nothing: the token is a secret. */
    @Override
    public String toString() {
        return "ShownToken[…]";
    }
}
