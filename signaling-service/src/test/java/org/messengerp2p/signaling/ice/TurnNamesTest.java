package org.messengerp2p.signaling.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;

class TurnNamesTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    private final AccountId account = new AccountId(UUID.randomUUID());
    private final Device first = new Device(account, new DeviceId(1));
    private final Device second = new Device(account, new DeviceId(2));
    private final TurnNames names = new TurnNames(Duration.ofHours(1), 2);

    @Test
    void aDeviceHasOneNameUntilShortlyBeforeItEnds() {
        TurnNames.Name name = names.of(first, NOW);

        assertEquals(name, names.of(first, NOW.plus(Duration.ofMinutes(54))));
        assertEquals(Instant.parse("2026-01-02T04:04:05.678Z"), name.end());
        assertEquals("1767326645:" + name.random(), name.text());
        TurnNames.Name next = names.of(first, NOW.plus(Duration.ofMinutes(55)));
        assertNotEquals(name.random(), next.random());
        assertEquals(Instant.parse("2026-01-02T04:59:05.678Z"), next.end());
    }

    @Test
    void twoDevicesHaveNamesThatTellNothingOfEachOther() {
        assertNotEquals(names.of(first, NOW).random(), names.of(second, NOW).random());
    }

    @Test
    void atTheBoundTheNameThatEndsFirstIsForgotten() {
        TurnNames.Name ofFirst = names.of(first, NOW);
        names.of(second, NOW.plusSeconds(1));
        TurnNames.Name renewed = names.of(first, NOW.plus(Duration.ofMinutes(55)));

        names.of(new Device(account, new DeviceId(3)), NOW.plus(Duration.ofMinutes(56)));

        assertNotEquals(ofFirst, renewed);
        assertEquals(renewed, names.of(first, NOW.plus(Duration.ofMinutes(56))));
    }
}
