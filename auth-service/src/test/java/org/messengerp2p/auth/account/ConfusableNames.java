package org.messengerp2p.auth.account;

import java.util.Random;

/** User names in which what looks alike is common. */
final class ConfusableNames {
    private static final String LETTERS = "rrnnmmvvvvww0oo1lii..__--abz9";

    private ConfusableNames() {}

    static String any(Random random) {
        StringBuilder name = new StringBuilder();
        int length = 3 + random.nextInt(30);
        while (name.length() < length) {
            name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return name.toString();
    }
}
