package org.messengerp2p.auth.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.messengerp2p.auth.wire.FormatException;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

class DeviceListTest {
    @ParameterizedTest
    @ValueSource(strings = {"alice", "bob"})
    void acceptsTheListsOfTheVectors(String name) throws Exception {
        JsonNode person = vectors().path(name);

        DeviceList list =
                DeviceList.verified(HexFormat.of().parseHex(person.path("dlc").asText()));

        assertEquals(
                person.path("acct").asText(),
                HexFormat.of().formatHex(list.account().bytes()));
        assertEquals(person.path("aik").asText(), HexFormat.of().formatHex(list.aik()));
        assertEquals(List.of(DeviceId.of(person.path("dev").asLong())), list.deviceIds());
        assertEquals(
                person.path("dsk").asText(),
                HexFormat.of().formatHex(list.devices().get(0).dsk()));
        assertTrue(list.isFirst());
    }

    @Test
    void refusesAnyChangedByte() throws Exception {
        byte[] good = HexFormat.of().parseHex(vectors().at("/alice/dlc").asText());

        for (int at = 0; at < good.length; at++) {
            byte[] changed = good.clone();
            changed[at] ^= 1;
            assertThrows(FormatException.class, () -> DeviceList.verified(changed), "byte " + at);
        }
    }

    @Test
    void refusesOtherLengths() throws Exception {
        byte[] good = HexFormat.of().parseHex(vectors().at("/alice/dlc").asText());

        for (int length = 0; length < good.length; length++) {
            byte[] shorter = Arrays.copyOf(good, length);
            assertThrows(FormatException.class, () -> DeviceList.verified(shorter));
        }
        assertThrows(FormatException.class, () -> DeviceList.verified(Arrays.copyOf(good, good.length + 1)));
    }

    @Test
    void refusesTheSameDeviceTwice() {
        TestAccount account = TestAccount.anybody();
        byte[] twice = account.list(1, new byte[32], account.device(), account.device());

        assertThrows(FormatException.class, () -> DeviceList.verified(twice));
    }

    @Test
    void refusesMoreThanEightDevices() throws Exception {
        TestAccount account = TestAccount.anybody();
        TestDevice[] nine = new TestDevice[9];
        Arrays.setAll(nine, i -> account.newDevice());

        assertThrows(FormatException.class, () -> DeviceList.verified(account.list(1, new byte[32], nine)));
        assertEquals(
                8,
                DeviceList.verified(account.list(1, new byte[32], Arrays.copyOf(nine, 8)))
                        .devices()
                        .size());
    }

    @Test
    void refusesADeviceOfAnotherAccount() {
        TestAccount account = TestAccount.anybody();
        byte[] foreign = account.list(1, new byte[32], TestAccount.anybody().device());

        assertThrows(FormatException.class, () -> DeviceList.verified(foreign));
    }

    @Test
    void knowsTheNextLinkOfAChain() throws Exception {
        TestAccount account = TestAccount.anybody();
        TestDevice added = account.newDevice();
        DeviceList first = DeviceList.verified(account.firstList());
        DeviceList next = DeviceList.verified(account.listAfter(account.firstList(), account.device(), added));
        DeviceList fork = DeviceList.verified(account.list(2, new byte[32], account.device(), added));

        assertTrue(next.isChainedTo(first));
        assertFalse(fork.isChainedTo(first));
        assertEquals(2, next.version());
        assertEquals(
                List.of(added.id()),
                next.without(first).stream().map(DeviceEntry::id).toList());
    }

    private static JsonNode vectors() throws IOException {
        return new ObjectMapper().readTree(new File(System.getProperty("vectors.file")));
    }
}
