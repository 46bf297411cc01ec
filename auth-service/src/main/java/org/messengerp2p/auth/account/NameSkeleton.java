package org.messengerp2p.auth.account;

import java.util.regex.Pattern;

/**
 * What is left of a user name when everything is taken away by which two names may look alike: 0 is o; 1 and i are l;
 * m is rn; w is vv; and {@code . _ -} are nothing (MP2P/1 §20, point 1). Names with one skeleton are one name to whoever
 * registers.
 *
 * <p>Each letter is written out by itself, in the longest way, so the order does not matter and nothing is left to do
 * twice. The short way would depend on where one begins: vvv is wv or vw, and r.n becomes rn only when the point is
 * gone. The database computes the same, in the column {@code account.skeleton}.
 *
 * @param value empty for a name of separators alone
 */
record NameSkeleton(String value) {
    private static final Pattern SEPARATORS = Pattern.compile("[._-]");

    static NameSkeleton of(Username name) {
        return of(name.value());
    }

    static NameSkeleton of(String name) {
        return new NameSkeleton(SEPARATORS
                .matcher(name)
                .replaceAll("")
                .replace('0', 'o')
                .replace('1', 'l')
                .replace('i', 'l')
                .replace("m", "rn")
                .replace("w", "vv"));
    }

    @Override
    public String toString() {
        return "NameSkeleton[…]";
    }
}
