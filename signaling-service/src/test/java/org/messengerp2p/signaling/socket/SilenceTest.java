package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.Frames;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.SocketProbe;

@QuarkusTest
@TestProfile(SilenceTest.WithShortTimes.class)
class SilenceTest extends LiveSocketTest {

    private final Device alice = newDevice();
    private final Device second = deviceOf(alice.account());

    public static class WithShortTimes implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("mp2p.signaling.ping", "PT0.5S", "mp2p.signaling.silence", "PT2S");
        }
    }

    @Test
    void cutsAPeerThatAnswersNoPingAndKeepsOneThatDoes() throws IOException {
        try (SocketProbe answers = SocketProbe.open(ws(), token(second));
                RawSocket silent = RawSocket.open(ws(), token(alice))) {
            silent.awaitPing();
            silent.awaitCut();

            answers.pending();
            answers.send(Frames.relay(second, 1, "still here"));
            assertEquals("still here", Frames.parse(answers.nextFrame()).text());
        }
    }

    @Test
    void tellsNobodyToExpectPingsWithoutAPauseBetween() {
        try (SocketProbe socket = SocketProbe.open(ws(), token(alice))) {
            assertEquals(1, socket.next("hello").getInteger("ping_s"));
        }
    }

    @Test
    void answersPings() throws IOException {
        try (RawSocket pings = RawSocket.open(ws(), token(alice))) {
            byte[] word = {1, 2, 3};
            pings.frame(RawSocket.PING, word);
            assertArrayEquals(word, pings.pong());
        }
    }
}
