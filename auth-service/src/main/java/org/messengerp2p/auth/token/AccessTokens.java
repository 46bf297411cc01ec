package org.messengerp2p.auth.token;

/** One token a service; what one of them is shown does not open another. */
public record AccessTokens(String auth, String mailbox, String signaling) {
    @Override
    public String toString() {
        return "AccessTokens[…]";
    }
}
