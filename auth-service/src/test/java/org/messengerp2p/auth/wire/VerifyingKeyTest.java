package org.messengerp2p.auth.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors by which the client's verification is tested, read from where the client's tests read them. */
class VerifyingKeyTest {
    private static final Path VECTORS =
            Path.of(System.getProperty("vectors.file")).getParent();

    /** The client accepts the third alone. Its key has a part of small order, which no key that is made honestly has. */
    @Test
    void acceptsNoneOfSpeccheck() throws Exception {
        List<Integer> accepted = new ArrayList<>();
        JsonNode cases = vectors("ed25519-speccheck/cases.json");

        for (int i = 0; i < cases.size(); i++) {
            JsonNode vector = cases.get(i);
            if (verifies(vector.path("pub_key"), vector.path("signature"), vector.path("message"))) {
                accepted.add(i);
            }
        }

        assertEquals(12, cases.size());
        assertEquals(List.of(), accepted);
    }

    @Test
    void agreesWithWycheproof() throws Exception {
        int checked = 0;

        for (JsonNode group : vectors("wycheproof/ed25519_test.json").path("testGroups")) {
            for (JsonNode vector : group.path("tests")) {
                boolean valid = vector.path("result").asText().equals("valid");
                assertEquals(
                        valid,
                        verifies(group.at("/publicKey/pk"), vector.path("sig"), vector.path("msg")),
                        "tcId " + vector.path("tcId"));
                checked++;
            }
        }

        assertEquals(151, checked);
    }

    /** The points of small order and their other encodings. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0100000000000000000000000000000000000000000000000000000000000000",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            })
    void refusesKeysThatSignAnything(String key) {
        assertThrows(
                FormatException.class, () -> VerifyingKey.checked(HexFormat.of().parseHex(key)));
    }

    /** The key of case 3 of speccheck: a point of the curve, but not of the group of prime order. */
    @Test
    void refusesAKeyWithAPartOfSmallOrder() {
        byte[] mixed = HexFormat.of().parseHex("cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d");

        assertThrows(FormatException.class, () -> VerifyingKey.checked(mixed));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33})
    void refusesOtherLengths(int length) {
        assertThrows(FormatException.class, () -> VerifyingKey.checked(new byte[length]));
    }

    private static boolean verifies(JsonNode key, JsonNode signature, JsonNode message) {
        try {
            return VerifyingKey.checked(bytes(key)).verifies(bytes(signature), bytes(message));
        } catch (FormatException refused) {
            return false;
        }
    }

    private static JsonNode vectors(String file) throws IOException {
        return new ObjectMapper().readTree(VECTORS.resolve(file).toFile());
    }

    private static byte[] bytes(JsonNode hex) {
        return HexFormat.of().parseHex(hex.asText());
    }
}
