package org.messengerp2p.standalone.split;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Every message that people had for each other, and what their applications have of it. */
final class MessageLedger {

    private static final int BYTES = 700;

    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, Message> messages = new ConcurrentHashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final AtomicInteger again = new AtomicInteger();
    private final AtomicLong committed = new AtomicLong();
    private final Map<Way, Duration> longest = new EnumMap<>(Way.class);

    /** What brought a message. */
    enum Way {
        /** From socket to socket. */
        RELAY,
        /** The mailbox, because a hint came. */
        HINT,
        /** The mailbox, looked into after a return: what was stored meanwhile. */
        RETURN,
        /** The mailbox, asked unasked for. */
        POLL
    }

    /** @param committed when the recipient's application had it for good, 0 before */
    private record Message(int recipient, byte[] envelope, long sent, AtomicLong committed) {}

    /** A new message, which its recipient must get from here on. */
    byte[] send(int recipient) {
        byte[] envelope = new byte[BYTES];
        ThreadLocalRandom.current().nextBytes(envelope);
        int number = numbers.getAndIncrement();
        ByteBuffer.wrap(envelope).putInt(number);
        messages.put(number, new Message(recipient, envelope, System.nanoTime(), new AtomicLong()));
        return envelope;
    }

    /** The recipient's application keeps it; what it has already it knows by its id. */
    void commit(int recipient, byte[] envelope, Way way) {
        Message message = messages.get(ByteBuffer.wrap(envelope).getInt());
        if (message == null || message.recipient() != recipient || !Arrays.equals(message.envelope(), envelope)) {
            violate("came and was never sent to it");
        } else if (message.committed().compareAndSet(0, System.nanoTime())) {
            committed.incrementAndGet();
            came(way, Duration.ofNanos(message.committed().get() - message.sent()));
        } else {
            again.incrementAndGet();
        }
    }

    synchronized void violate(String what) {
        violations.add(what);
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    long committed() {
        return committed.get();
    }

    int sent() {
        return numbers.get();
    }

    /** How often one came by a second way too. */
    int again() {
        return again.get();
    }

    /** From sent to committed. */
    synchronized Duration longest() {
        return longest.values().stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }

    /** The longest by each way, in seconds. */
    synchronized String longestByWay() {
        return longest.entrySet().stream()
                .map(each -> String.format(
                        Locale.ROOT,
                        "%s %.1f",
                        each.getKey().name().toLowerCase(Locale.ROOT),
                        each.getValue().toMillis() / 1e3))
                .collect(Collectors.joining(", "));
    }

    private synchronized void came(Way way, Duration after) {
        longest.merge(way, after, (one, other) -> one.compareTo(other) > 0 ? one : other);
    }
}
