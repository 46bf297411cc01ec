package org.messengerp2p.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void everythingIsMeasuredThreeTimesUnlessSaidOtherwise() {
        Options options = Options.parse();

        assertEquals(3, options.rounds());
        assertEquals(List.of(Subject.values()), options.subjects());
        assertEquals(List.of(Figure.values()), options.figures());
    }

    @Test
    void systemsAreTakenInTheOrderInWhichTheyAreNamed() {
        Options options = Options.parse("--systems=deliver-320,floor-linger", "--figures=none", "--rounds=1");

        assertEquals(List.of(Subject.DELIVER_320, Subject.FLOOR_LINGER), options.subjects());
        assertEquals(List.of(), options.figures());
        assertEquals(1, options.rounds());
    }

    @Test
    void aHalfIsAllOfItsSystems() {
        List<Subject> online = Options.parse("--systems=online").subjects();

        assertTrue(online.containsAll(List.of(Subject.RELAY_FLOOR, Subject.TLS_RELAY)), online::toString);
        assertFalse(online.contains(Subject.DELIVER), online::toString);
    }

    @Test
    void anotherBuildTakesThePlaceOfTheCheckouts() {
        Builds builds = Options.parse("--checkout=/there", "--signaling=/other/quarkus-app")
                .builds();

        assertEquals(Path.of("/other/quarkus-app"), builds.signaling());
        assertEquals(Path.of("/there/mailbox-service/target/quarkus-app"), builds.mailbox());
        assertEquals(Path.of("/there/bench/relay-floor/target/quarkus-app"), builds.relayFloor());
    }

    @Test
    void whatIsNotKnownIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Options.parse("--system=floor"));
        assertThrows(IllegalArgumentException.class, () -> Options.parse("--systems=flour"));
        assertThrows(IllegalArgumentException.class, () -> Options.parse("--figures=all"));
        assertThrows(IllegalArgumentException.class, () -> Options.parse("--rounds=often"));
    }
}
