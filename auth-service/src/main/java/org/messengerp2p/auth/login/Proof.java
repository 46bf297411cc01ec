package org.messengerp2p.auth.login;

/** What proves once more whose account it is: the secret of the password, or that of the recovery code, not both. */
public record Proof(ClientSecret authSecret, ClientSecret recAuth) {
    public Proof {
        if ((authSecret == null) == (recAuth == null)) {
            throw new IllegalArgumentException("a proof is auth_secret or rec_auth");
        }
    }

    public static Proof byPassword(ClientSecret secret) {
        return new Proof(secret, null);
    }

    static Proof byRecoveryCode(ClientSecret secret) {
        return new Proof(null, secret);
    }

    boolean isRecovery() {
        return recAuth != null;
    }

    @Override
    public String toString() {
        return "Proof[…]";
    }
}
