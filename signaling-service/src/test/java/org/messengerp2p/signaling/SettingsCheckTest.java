package org.messengerp2p.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsCheckTest {

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
        "max-frame, 40000, between 40985 and 2147483647",
        "silence, PT25S, between PT25.001S and PT8760H",
        "ping, PT0S, between PT0.001S and PT8760H",
        "drain.window, P366D, between PT0S and PT8760H"
    })
    void saysWhatIsWrongAndWhatWouldBeRight(String name, String given, String range) {
        String shown = given.startsWith("P") ? Duration.parse(given).toString() : given;

        assertEquals(
                List.of("mp2p.signaling." + name + " is " + shown + "; it is " + range + "."),
                wrong(Map.of("mp2p.signaling." + name, given)));
    }

    @Test
    void saysAllThatIsWrong() {
        assertEquals(
                2,
                wrong(Map.of("mp2p.signaling.close-grace", "PT0S", "mp2p.signaling.limits.taken-per-second", "0"))
                        .size());
    }

    /** So that a new one is not forgotten. */
    @ParameterizedTest
    @MethodSource("numbersAndTimes")
    void noNumberAndNoTimeMayBeBelowZero(String name, String given) {
        assertEquals(
                1,
                wrong(Map.of(name, given)).stream()
                        .filter(sentence -> sentence.startsWith(name + " is "))
                        .count());
    }

    static Stream<String[]> numbersAndTimes() {
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
