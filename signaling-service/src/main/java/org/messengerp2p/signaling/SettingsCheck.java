package org.messengerp2p.signaling;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.messengerp2p.signaling.SignalingSettings.Limits;

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
    private static final Duration LONGEST = Duration.ofDays(365);
    /** What a RELAY has before its payload, in bytes (MP2P/1 §6.2). */
    private static final int RELAY_HEAD = 25;

    /** Before anything is made that has read them. */
    void check(@Observes @Priority(1) StartupEvent event, SignalingSettings settings) {
        List<String> wrong = wrongOf(settings);
        if (!wrong.isEmpty()) {
            throw new ConfigurationException(String.join(" ", wrong));
        }
    }

    static List<String> wrongOf(SignalingSettings settings) {
        Sentences sentences = new Sentences();
        lookAt(settings.limits(), sentences);
        sentences.number("max-envelope", settings.maxEnvelope(), 1, Integer.MAX_VALUE - RELAY_HEAD);
        sentences.number("max-frame", settings.maxFrame(), settings.maxEnvelope() + RELAY_HEAD, Integer.MAX_VALUE);

        sentences.time("ping", settings.ping(), SHORTEST);
        sentences.time("silence", settings.silence(), settings.ping().plus(SHORTEST));
        sentences.time("message-patience", settings.messagePatience(), SHORTEST);
        sentences.time("slow-reader-patience", settings.slowReaderPatience(), SHORTEST);
        sentences.time("close-grace", settings.closeGrace(), SHORTEST);
        sentences.time("reauth-notice", settings.reauthNotice(), Duration.ZERO);
        sentences.time("reconnect-window", settings.reconnectWindow(), Duration.ZERO);
        sentences.time("drain.window", settings.drain().window(), Duration.ZERO);
        sentences.time("revocations.every", settings.revocations().every(), SHORTEST);
        sentences.time("revocations.patience", settings.revocations().patience(), SHORTEST);
        sentences.time("delivery-tokens.patience", settings.deliveryTokens().patience(), SHORTEST);
        sentences.time("delivery-tokens.first-retry", settings.deliveryTokens().firstRetry(), SHORTEST);
        sentences.time(
                "delivery-tokens.longest-retry", settings.deliveryTokens().longestRetry(), SHORTEST);
        sentences.time("replicas.presence-life", settings.replicas().presenceLife(), SHORTEST);
        sentences.time("replicas.presence-refresh", settings.replicas().presenceRefresh(), SHORTEST);
        sentences.time("replicas.presence-reread", settings.replicas().presenceReread(), SHORTEST);
        sentences.time("ice.credential-life", settings.ice().credentialLife(), Duration.ofSeconds(1));
        return sentences.all;
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
        sentences.limit("watched-accounts", limits.watchedAccounts(), 0, Integer.MAX_VALUE);
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

        private void time(String name, Duration given, Duration shortest) {
            if (given.compareTo(shortest) < 0 || given.compareTo(LONGEST) > 0) {
                all.add(PREFIX + name + " is " + given + "; it is between " + shortest + " and " + LONGEST + '.');
            }
        }
    }
}
