package org.messengerp2p.standalone.split;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Every message that people had for each other, and what their applications have of it. */
final class MessageLedger {

    private static final int BYTES = 700;

    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, Message> messages = new ConcurrentHashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final AtomicInteger again = new AtomicInteger();
    private final AtomicLong committed = new AtomicLong();
    private volatile Duration longest = Duration.ZERO;

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
    void commit(int recipient, byte[] envelope) {
        Message message = messages.get(ByteBuffer.wrap(envelope).getInt());
        if (message == null || message.recipient() != recipient || !Arrays.equals(message.envelope(), envelope)) {
            violate("came and was never sent to it");
        } else if (message.committed().compareAndSet(0, System.nanoTime())) {
            committed.incrementAndGet();
            came(Duration.ofNanos(message.committed().get() - message.sent()));
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
    Duration longest() {
        return longest;
    }

    private synchronized void came(Duration after) {
        if (after.compareTo(longest) > 0) {
            longest = after;
        }
    }
}
