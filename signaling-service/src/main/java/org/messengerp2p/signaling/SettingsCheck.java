package org.messengerp2p.signaling;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.messengerp2p.signaling.SignalingSettings.Limits;
import org.messengerp2p.signaling.connection.Connections;
import org.messengerp2p.signaling.ice.IceServers;
import org.messengerp2p.signaling.presence.WatchPermission;

/**
 * Settings that the service could not work with stop it at its start, with a sentence for each of them. Else some would
 * show only where the first device connects, and others as a limit that is none.
 */
@ApplicationScoped
class SettingsCheck {

    private static final int MOST_FRAMES = 1_000_000;
    /** Of these a frame costs so little time that nothing is limited. */
    private static final int MOST_MESSAGES = 100_000_000;

    private static final int MOST_IN_A_MINUTE_OR_HOUR = 1_000_000;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    /** Of what another time must be longer than. */
    private static final Duration LONG = Duration.ofDays(1);

    private static final Duration LONGEST = Duration.ofDays(365);
    /** Devices that were sent away are back after so long. */
    private static final Duration LONGEST_RETURN = Duration.ofMinutes(5);

    private static final long MOST_BYTES = 1L << 40;
    /** What a RELAY has before its payload, in bytes (MP2P/1 §6.2). */
    private static final int RELAY_HEAD = 25;

    /**
     * Before anything is done with them, also by the timed work that begins at 0 where other services are in this
     * process; what has been made until then only keeps them.
     */
    void check(@Observes @Priority(-1) StartupEvent event, SignalingSettings settings) {
        List<String> wrong = wrongOf(settings);
        if (!wrong.isEmpty()) {
            throw new ConfigurationException(String.join(" ", wrong));
        }
    }

    static List<String> wrongOf(SignalingSettings settings) {
        Sentences sentences = new Sentences();
        int envelope = Math.min(Math.max(settings.maxEnvelope(), 1), Integer.MAX_VALUE - RELAY_HEAD);
        lookAt(settings.limits(), sentences);
        sentences.number("max-envelope", settings.maxEnvelope(), 1, Integer.MAX_VALUE - RELAY_HEAD);
        sentences.number("max-frame", settings.maxFrame(), envelope + RELAY_HEAD, Integer.MAX_VALUE);
        sentences.size(
                "send-queue", settings.sendQueue(), Connections.leastSendQueue(Math.max(settings.maxFrame(), 1)));
        settings.sendMemory().ifPresent(given -> sentences.size("send-memory", given, 1));
        settings.partialMemory().ifPresent(given -> sentences.size("partial-memory", given, 1));
        // Else the largest RELAY never passes.
        sentences.size("limits.bytes-elsewhere", settings.limits().bytesElsewhere(), envelope + RELAY_HEAD);
        lookAtTimes(settings, sentences);
        sentences.all.addAll(IceServers.wrongOf(settings.ice()));
        return sentences.all;
    }

    private static void lookAtTimes(SignalingSettings settings, Sentences sentences) {
        sentences.time("ping", settings.ping(), SHORTEST, LONG);
        sentences.time("silence", settings.silence(), longerThan(settings.ping()));
        sentences.time("message-patience", settings.messagePatience(), SHORTEST);
        sentences.time("slow-reader-patience", settings.slowReaderPatience(), SHORTEST);
        sentences.time("close-grace", settings.closeGrace(), SHORTEST);
        sentences.time("reauth-notice", settings.reauthNotice(), Duration.ZERO);
        sentences.wholeSeconds("reconnect-window", settings.reconnectWindow(), LONGEST_RETURN);
        sentences.time("drain.window", settings.drain().window(), Duration.ZERO);
        sentences.time("revocations.every", settings.revocations().every(), SHORTEST);
        sentences.time("revocations.patience", settings.revocations().patience(), SHORTEST);
        SignalingSettings.DeliveryTokens tokens = settings.deliveryTokens();
        sentences.time("delivery-tokens.patience", tokens.patience(), SHORTEST);
        sentences.time("delivery-tokens.first-retry", tokens.firstRetry(), SHORTEST, LONG);
        sentences.time("delivery-tokens.longest-retry", tokens.longestRetry(), within(tokens.firstRetry()));
        SignalingSettings.Replicas replicas = settings.replicas();
        sentences.time("replicas.presence-refresh", replicas.presenceRefresh(), SHORTEST, LONG);
        sentences.time("replicas.presence-reread", replicas.presenceReread(), SHORTEST, LONG);
        // Else whoever is connected would be shown as gone from time to time.
        sentences.time(
                "replicas.presence-life",
                replicas.presenceLife(),
                longerThan(later(replicas.presenceRefresh(), replicas.presenceReread())));
        sentences.time("ice.credential-life", settings.ice().credentialLife(), Duration.ofSeconds(1));
    }

    private static Duration longerThan(Duration given) {
        return within(given).plus(SHORTEST);
    }

    /** What is wrong with it has a sentence of its own. */
    private static Duration within(Duration given) {
        return given.compareTo(LONG) > 0 ? LONG : later(given, SHORTEST);
    }

    private static Duration later(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static void lookAt(Limits limits, Sentences sentences) {
        limits.framesPerSecond().ifPresent(given -> sentences.limit("frames-per-second", given, 1, MOST_FRAMES));
        limits.framesPerSecondByAddress()
                .ifPresent(given -> sentences.limit("frames-per-second-by-address", given, 1, MOST_FRAMES));
        sentences.limit("relay-per-second", limits.relayPerSecond(), 1, MOST_MESSAGES);
        sentences.limit("relay-per-pair-per-second", limits.relayPerPairPerSecond(), 1, MOST_MESSAGES);
        sentences.limit("taken-per-second", limits.takenPerSecond(), 1, MOST_MESSAGES);
        sentences.limit("watch-per-minute", limits.watchPerMinute(), 1, MOST_IN_A_MINUTE_OR_HOUR);
        sentences.limit("reauth-per-minute", limits.reauthPerMinute(), 1, MOST_IN_A_MINUTE_OR_HOUR);
        sentences.limit("ice-per-hour", limits.icePerHour(), 1, MOST_IN_A_MINUTE_OR_HOUR);
        sentences.limit("sockets-by-address", limits.socketsByAddress(), 1, Integer.MAX_VALUE);
        sentences.limit("sockets-by-account", limits.socketsByAccount(), 1, Integer.MAX_VALUE);
        limits.sockets().ifPresent(given -> sentences.limit("sockets", given, 1, Integer.MAX_VALUE));
        sentences.limit("watched-accounts", limits.watchedAccounts(), 0, WatchPermission.MOST);
        sentences.limit("heard-devices", limits.heardDevices(), 1, Integer.MAX_VALUE);
        sentences.limit("frames-elsewhere", limits.framesElsewhere(), 0, Integer.MAX_VALUE);
    }

    /** One for each setting that is wrong. */
    private static final class Sentences {

        private static final String PREFIX = "mp2p.signaling.";

        private final List<String> all = new ArrayList<>();

        private void limit(String name, int given, int least, int most) {
            number("limits." + name, given, least, most);
        }

        private void number(String name, int given, int least, int most) {
            if (given < least || given > most) {
                all.add(PREFIX + name + " is " + given + "; it is between " + least + " and " + most + '.');
            }
        }

        private void size(String name, MemorySize given, long least) {
            BigInteger bytes = given.asBigInteger();
            if (bytes.compareTo(BigInteger.valueOf(least)) < 0 || bytes.compareTo(BigInteger.valueOf(MOST_BYTES)) > 0) {
                all.add(PREFIX + name + " is " + bytes + "; it is between " + least + " and " + MOST_BYTES + " bytes.");
            }
        }

        private void time(String name, Duration given, Duration shortest) {
            time(name, given, shortest, LONGEST);
        }

        private void time(String name, Duration given, Duration shortest, Duration longest) {
            if (given.compareTo(shortest) < 0 || given.compareTo(longest) > 0) {
                all.add(PREFIX + name + " is " + given + "; it is between " + shortest + " and " + longest + '.');
            }
        }

        private void wholeSeconds(String name, Duration given, Duration longest) {
            if (given.isNegative() || given.compareTo(longest) > 0 || given.getNano() != 0) {
                all.add(PREFIX + name + " is " + given + "; it is between " + Duration.ZERO + " and " + longest
                        + ", in whole seconds.");
            }
        }
    }
}
