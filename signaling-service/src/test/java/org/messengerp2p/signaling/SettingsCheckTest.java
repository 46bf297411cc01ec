package org.messengerp2p.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsCheckTest {

    @TempDir
    Path folder;

    @Test
    void theDefaultsAreRight() {
        assertEquals(List.of(), wrong(Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1000000"})
    void takesTheBoundsThemselves(String frames) {
        assertEquals(List.of(), wrong(Map.of("mp2p.signaling.limits.frames-per-second", frames)));
    }

    @ParameterizedTest
    @CsvSource({
        "limits.frames-per-second, 0, between 1 and 1000000",
        "limits.frames-per-second, -1, between 1 and 1000000",
        "limits.frames-per-second, 1000001, between 1 and 1000000",
        "limits.relay-per-second, 0, between 1 and 100000000",
        "limits.ice-per-hour, 0, between 1 and 1000000",
        "limits.sockets, 0, between 1 and 2147483647",
        "limits.watched-accounts, 501, between 0 and 500",
        "max-envelope, 0, between 1 and 2147483622",
        "max-frame, 40000, between 40985 and 2147483647",
        "silence, PT25S, between PT25.001S and PT8760H",
        "ping, PT0S, between PT0.001S and PT24H",
        "drain.window, P366D, between PT0S and PT8760H",
        "delivery-tokens.longest-retry, PT0.9S, between PT1S and PT8760H",
        "replicas.presence-life, PT30S, between PT30.001S and PT8760H",
        "reconnect-window, PT5M1S, 'between PT0S and PT5M, in whole seconds'",
        "reconnect-window, PT0.5S, 'between PT0S and PT5M, in whole seconds'",
        "send-queue, 65536, between 75484 and 1099511627776 bytes",
        "send-queue, 1099511627777, between 75484 and 1099511627776 bytes",
        "send-memory, 0, between 1 and 1099511627776 bytes",
        "limits.bytes-elsewhere, 40984, between 40985 and 1099511627776 bytes"
    })
    void saysWhatIsWrongAndWhatWouldBeRight(String name, String given, String range) {
        String shown = given.startsWith("P") ? Duration.parse(given).toString() : given;

        assertEquals(
                List.of("mp2p.signaling." + name + " is " + shown + "; it is " + range + "."),
                wrong(Map.of("mp2p.signaling." + name, given)));
    }

    @Test
    void presenceLivesLongerThanItIsRefreshedAlsoWhereItIsReadOften() {
        assertEquals(
                List.of("mp2p.signaling.replicas.presence-life is PT20S; it is between PT20.001S and PT8760H."),
                wrong(Map.of(
                        "mp2p.signaling.replicas.presence-life", "PT20S",
                        "mp2p.signaling.replicas.presence-reread", "PT5S")));
    }

    /** Else it would name a range that is none. */
    @Test
    void whatIsWrongByAnotherSettingIsToldOnce() {
        assertEquals(
                List.of("mp2p.signaling.ping is PT8808H; it is between PT0.001S and PT24H."),
                wrong(Map.of("mp2p.signaling.ping", "P367D", "mp2p.signaling.silence", "P2D")));
    }

    @Test
    void saysAllThatIsWrong() {
        assertEquals(
                2,
                wrong(Map.of("mp2p.signaling.close-grace", "PT0S", "mp2p.signaling.limits.taken-per-second", "0"))
                        .size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "turn:chat.example.org",
                "turn:chat.example.org:3478?transport=udp",
                "turns:192.0.2.1:5349?transport=tcp",
                "turn:chat_1:3478",
                "turn:[2001:db8::1]:65535"
            })
    void takesWhatABrowserReadsAsATurnServer(String uri) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "with spaces\n");

        assertEquals(
                List.of(),
                wrong(Map.of(
                        "mp2p.signaling.ice.turn-uris",
                        uri,
                        "mp2p.signaling.ice.turn-secret-file",
                        secret.toString())));
    }

    /** Of such a list a browser makes no connection at all. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "stun:chat.example.org",
                "TURN:chat.example.org",
                "turn://chat.example.org",
                "turn:[2001:db8::x]:3478",
                "turn:chat example:3478",
                "turn:chat.example.org:65536",
                "turn:chat.example.org:0",
                "turn:2001:db8::1",
                "turn:chat.example.org?transport=tls",
                "turn:"
            })
    void saysWhichTurnServerIsNone(String uri) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "s");

        assertEquals(
                List.of("mp2p.signaling.ice.turn-uris has " + uri
                        + "; each is of the form turn:host:port?transport=udp, or turns: and tcp."),
                wrong(Map.of(
                        "mp2p.signaling.ice.turn-uris",
                        uri,
                        "mp2p.signaling.ice.turn-secret-file",
                        secret.toString())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"turn:chat.example.org", "stun:chat.example.org:3478?transport=udp", "stun:"})
    void saysWhichStunServerIsNone(String uri) {
        assertEquals(
                List.of("mp2p.signaling.ice.stun-uris has " + uri
                        + "; each is of the form stun:host:port or stuns:host:port."),
                wrong(Map.of("mp2p.signaling.ice.stun-uris", uri)));
    }

    /** So that a new one is not forgotten. */
    @ParameterizedTest
    @MethodSource("numbersTimesAndSizes")
    void noNumberAndNoTimeMayBeBelowZeroAndNoSizeNothing(String name, String given) {
        assertEquals(
                1,
                wrong(Map.of(name, given)).stream()
                        .filter(sentence -> sentence.startsWith(name + " is "))
                        .count());
    }

    static Stream<String[]> numbersTimesAndSizes() {
        return below("mp2p.signaling.", SignalingSettings.class);
    }

    private static Stream<String[]> below(String prefix, Class<?> settings) {
        return Arrays.stream(settings.getDeclaredMethods()).flatMap(method -> of(prefix + nameOf(method), method));
    }

    private static Stream<String[]> of(String name, Method method) {
        Class<?> type = method.getReturnType();
        if (type == int.class || type == OptionalInt.class) {
            return Stream.<String[]>of(new String[] {name, "-1"});
        }
        if (type == Duration.class) {
            return Stream.<String[]>of(new String[] {name, "PT-1S"});
        }
        if (method.getGenericReturnType().getTypeName().contains(MemorySize.class.getName())) {
            return Stream.<String[]>of(new String[] {name, "0"});
        }
        return type.getEnclosingClass() == SignalingSettings.class ? below(name + '.', type) : Stream.empty();
    }

    private static String nameOf(Method method) {
        return method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static List<String> wrong(Map<String, String> given) {
        return SettingsCheck.wrongOf(new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(SignalingSettings.class)
                .withDefaultValues(given)
                .build()
                .getConfigMapping(SignalingSettings.class));
    }
}
