package org.messengerp2p.mailbox.delivery;

import org.messengerp2p.kit.identity.AccountId;

/** A delivery token that somebody shows for an account (MP2P/1 §6.3), right or wrong. */
public record ShownDeliveryToken(AccountId account, byte[] token) {

    private static final int LENGTH = 16;

    public ShownDeliveryToken {
        if (account == null || token == null || token.length != LENGTH) {
            throw new IllegalArgumentException("a delivery token has an account and 16 bytes");
        }
    }

    DeliveryTokenHash hash() {
        return DeliveryTokenHash.ofToken(token);
    }

    /** Tells nothing: the token is a secret. */
    @Override
    public String toString() {
        return "ShownDeliveryToken[…]";
    }
}
