package org.messengerp2p.kit.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireJsonTest {
    private final ObjectMapper mapper = new ObjectMapper();

    WireJsonTest() {
        new WireJson().customize(mapper);
    }

    record Wire(byte[] someBytes, int number, String text, List<byte[]> more) {}

    @Test
    void readsAndWritesTheFormOfTheProtocol() throws IOException {
        Wire read = mapper.readValue(
                "{\"some_bytes\":\"-_8\",\"number\":7,\"text\":\"a\",\"more\":[\"\",\"AA\"]}", Wire.class);

        assertArrayEquals(new byte[] {(byte) 0xFB, (byte) 0xFF}, read.someBytes());
        assertArrayEquals(new byte[1], read.more().get(1));
        assertEquals(
                "{\"some_bytes\":\"-_8\",\"number\":7,\"text\":\"a\",\"more\":[\"\",\"AA\"]}",
                mapper.writeValueAsString(read));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"some_bytes\":\"-_8=\"}",
                "{\"some_bytes\":\"+/8\"}",
                "{\"some_bytes\":\"-_8 \"}",
                "{\"some_bytes\":\"-_\\n8\"}",
                "{\"some_bytes\":\"-_9\"}",
                "{\"some_bytes\":\"AB\"}",
                "{\"some_bytes\":\"A\"}",
                "{\"some_bytes\":[1,2]}",
                "{\"some_bytes\":1}",
                "{\"number\":\"7\"}",
                "{\"number\":7.0}",
                "{\"number\":7.5}",
                "{\"number\":true}",
                "{\"number\":\"\"}",
                "{\"number\":null}",
                "{\"number\":4294967296}",
                "{\"text\":7}",
                "{\"text\":true}",
                "{\"number\":7,\"number\":7}",
                "{\"number\":7}{}",
            })
    void refusesWhatIsWrittenInAnotherWay(String json) {
        assertThrows(JacksonException.class, () -> mapper.readValue(json, Wire.class));
    }

    @Test
    void refusesOtherEncodings() {
        byte[] utf16 = "{\"number\":7}".getBytes(StandardCharsets.UTF_16);

        assertThrows(JacksonException.class, () -> mapper.readValue(utf16, Wire.class));
    }

    @Test
    void doesNotRepeatBytesThatItRefuses() {
        JacksonException refused = assertThrows(
                JacksonException.class, () -> mapper.readValue("{\"some_bytes\":\"secret\\n\"}", Wire.class));

        assertFalse(refused.getOriginalMessage().contains("secret"), refused.getOriginalMessage());
    }
}
