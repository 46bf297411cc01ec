package org.messengerp2p.auth.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameSkeletonTest {
    private static final long SEED = 6;
    private static final int NAMES = 20_000;

    /** One writing of a letter, and another one that looks like it. */
    private record Confusion(String one, String other) {}

    private static final List<Confusion> RULE = List.of(
            new Confusion("0", "o"),
            new Confusion("1", "l"),
            new Confusion("1", "i"),
            new Confusion("l", "i"),
            new Confusion("rn", "m"),
            new Confusion("vv", "w"),
            new Confusion(".", ""),
            new Confusion("_", ""),
            new Confusion("-", ""),
            new Confusion(".", "-"),
            new Confusion("_", "."));

    @Test
    void isOneForEveryPairThatTheRuleNames() {
        Random random = new Random(SEED);
        for (int i = 0; i < NAMES; i++) {
            String name = ConfusableNames.any(random);
            String alike = name;
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                alike = changed(alike, random);
            }
            assertEquals(skeleton(name), skeleton(alike), name + " " + alike);
        }
    }

    @Test
    void hasItselfAsSkeleton() {
        Random random = new Random(SEED);
        for (int i = 0; i < NAMES; i++) {
            String skeleton = skeleton(ConfusableNames.any(random));

            assertEquals(skeleton, skeleton(skeleton));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bob, b0b",
        "bill, b1il",
        "mara, r.n-ara",
        "wolf, v_vo1f",
        "vvv, wv",
        "vvv, vw",
        "v-w, w.v",
        "anna, a.n.n.a",
        "..., ___",
        "a--, __a"
    })
    void isOneForNamesThatLookAlike(String one, String other) {
        assertEquals(skeleton(one), skeleton(other));
    }

    @ParameterizedTest
    @CsvSource({"anna, ana", "nora, rnoa", "bob, bod", "o-o, l.l", "vw, w", "mn, nm", "5s5, sss", "..., aaa"})
    void keepsOtherNamesApart(String one, String other) {
        assertNotEquals(skeleton(one), skeleton(other));
    }

    /** Somewhere in the name one writing takes the place of the other. */
    private static String changed(String name, Random random) {
        Confusion confusion = RULE.get(random.nextInt(RULE.size()));
        boolean forth = random.nextBoolean();
        String from = forth ? confusion.one() : confusion.other();
        String to = forth ? confusion.other() : confusion.one();
        int at = name.indexOf(from, random.nextInt(name.length() + 1));
        return at < 0 ? name : name.substring(0, at) + to + name.substring(at + from.length());
    }

    private static String skeleton(String name) {
        return NameSkeleton.of(name).value();
    }
}
