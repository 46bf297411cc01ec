package org.messengerp2p.testkit.attack;

/**
 * A token that differs from a good one in the one way that its name tells.
 *
 * @param authentic signed by the right key over claims of the right form: no verifier can see what is wrong with it,
 *     only the service that it is shown to
 */
public record Attack(String name, String token, boolean authentic) {
    /** Whether it can stand in an HTTP header as it is. */
    public boolean fitsHeader() {
        return token.length() <= LONGEST_IN_HEADER && token.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    /** The services take 20 KiB of headers; what is larger gets 431 before any token is looked at. */
    private static final int LONGEST_IN_HEADER = 16 * 1024;

    static Attack forged(String name, String token) {
        return new Attack(name, token, false);
    }

    @Override
    public String toString() {
        return name;
    }
}
