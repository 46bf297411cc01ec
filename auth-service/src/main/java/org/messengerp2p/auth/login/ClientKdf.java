package org.messengerp2p.auth.login;

/** Cost of the client's Argon2id (MP2P/1 §9.1); m in KiB. */
public record ClientKdf(int mKib, int t, int p) {
    /** What a name that does not exist is said to use, and what most accounts do. */
    public static final ClientKdf STANDARD = new ClientKdf(65_536, 3, 1);

    private static final int MOST_M_KIB = 1_048_576;
    private static final int MOST_T = 16;

    /** Whether clients accept it: nobody's password is derived too cheaply, or too dearly to sign in. */
    public boolean isWithinBounds() {
        return mKib >= STANDARD.mKib && mKib <= MOST_M_KIB && t >= STANDARD.t && t <= MOST_T && p == 1;
    }
}
