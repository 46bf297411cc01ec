package org.messengerp2p.mailbox.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.messengerp2p.mailbox.crash.HistoryEvent.AckSent;
import org.messengerp2p.mailbox.crash.HistoryEvent.Acked;
import org.messengerp2p.mailbox.crash.HistoryEvent.Answered;
import org.messengerp2p.mailbox.crash.HistoryEvent.CollectSent;
import org.messengerp2p.mailbox.crash.HistoryEvent.Collected;
import org.messengerp2p.mailbox.crash.HistoryEvent.Committed;
import org.messengerp2p.mailbox.crash.HistoryEvent.Item;
import org.messengerp2p.mailbox.crash.HistoryEvent.Received;
import org.messengerp2p.mailbox.crash.HistoryEvent.Refused;
import org.messengerp2p.mailbox.crash.HistoryEvent.Sent;
import org.messengerp2p.mailbox.crash.HistoryEvent.Unanswered;
import org.messengerp2p.mailbox.crash.Violation.Kind;

/**
 * Judges a history, event by event: every envelope whose sender was told {@code stored} is committed exactly once by
 * its recipient, in the order of its sender, and nothing else is.
 *
 * <p>An envelope may be handed out as often as its recipient has not acknowledged it, and once more for each time that
 * its sender brought it. A sender that got no answer, or 503, does not know whether its request was done, and it may
 * even be done later; so for such an envelope an acknowledgement is never taken as the last word. For every other one it
 * is: handed out to a request that began after the answer 204, the acknowledgement was lost.
 */
final class HistoryChecker {

    private static final Set<Integer> EXPECTED = Set.of(200, 429, 503);

    private final List<Violation> violations = new ArrayList<>();
    private final Map<EnvelopeKey, Envelope> envelopes = new LinkedHashMap<>();
    private final Map<Place, EnvelopeKey> places = new HashMap<>();
    private final Map<Long, Sent> sendings = new HashMap<>();
    private final Map<Long, Collecting> collectings = new HashMap<>();
    private final Map<Long, List<Envelope>> acknowledgings = new HashMap<>();
    private final Map<Stream, Integer> next = new HashMap<>();
    private final HistoryCounts counts = new HistoryCounts();
    private long acknowledgements;

    void accept(HistoryEvent event) {
        counts.add(event);
        if (event instanceof Sent sent) {
            sent(sent);
        } else if (event instanceof Answered answered) {
            answered(answered);
        } else if (event instanceof Unanswered unanswered) {
            forget(unanswered.request());
        } else if (event instanceof Refused refused) {
            refused(refused);
        } else if (event instanceof CollectSent collect) {
            collectings.put(collect.request(), new Collecting(collect.recipient(), acknowledgements));
        } else if (event instanceof Collected collected) {
            collected(collected);
        } else if (event instanceof Committed committed) {
            committed(committed);
        } else if (event instanceof AckSent ack) {
            ackSent(ack);
        } else if (event instanceof Acked acked) {
            acked(acked.request());
        }
    }

    /** What was found, once the history has ended. */
    List<Violation> verdict() {
        List<Violation> found = new ArrayList<>(violations);
        envelopes.forEach((key, envelope) -> {
            if (!envelope.stored) {
                found.add(new Violation(Kind.UNFINISHED, envelope.place.toString()));
            } else if (!envelope.committed) {
                found.add(new Violation(Kind.LOST, envelope.place.toString()));
            }
        });
        return found;
    }

    HistoryCounts counts() {
        return counts;
    }

    private void sent(Sent sent) {
        sendings.put(sent.request(), sent);
        for (Item item : sent.items()) {
            Place place = new Place(sent.sender(), item.recipient(), item.number());
            EnvelopeKey key = new EnvelopeKey(item.recipient(), item.id());
            places.put(place, key);
            Envelope envelope = envelopes.computeIfAbsent(key, first -> new Envelope(place));
            envelope.open++;
            envelope.goneAt = Envelope.NEVER;
        }
    }

    private void answered(Answered answered) {
        Sent sent = sendings.remove(answered.request());
        if (!EXPECTED.contains(answered.status())) {
            report(Kind.UNEXPECTED_ANSWER, "client " + sent.sender() + " was answered " + answered.status());
        }
        // After 503 the request may be done, or may still be.
        boolean certain = answered.status() < 500;
        for (int i = 0; i < sent.items().size(); i++) {
            Item item = sent.items().get(i);
            Envelope envelope = envelopes.get(new EnvelopeKey(item.recipient(), item.id()));
            envelope.open -= certain ? 1 : 0;
            if (answered.status() == 200 && answered.states().get(i).equals("stored")) {
                envelope.stored = true;
            }
        }
    }

    private void refused(Refused refused) {
        forget(refused.request());
        if (!EXPECTED.contains(refused.status())) {
            report(Kind.UNEXPECTED_ANSWER, "a recipient was answered " + refused.status());
        }
    }

    private void forget(long request) {
        sendings.remove(request);
        collectings.remove(request);
        acknowledgings.remove(request);
    }

    private void collected(Collected collected) {
        Collecting collecting = collectings.remove(collected.request());
        Set<String> page = new HashSet<>();
        for (Received received : collected.items()) {
            Envelope envelope = envelopes.get(new EnvelopeKey(collecting.recipient, received.id()));
            if (envelope == null) {
                unknown(collecting.recipient, received);
                continue;
            }
            if (!received.named().equals(received.id())) {
                report(Kind.ALTERED, envelope.place + " under another id");
            }
            if (!page.add(received.id())) {
                report(Kind.DUPLICATE, envelope.place + " twice in one page");
            }
            if (envelope.goneAt <= collecting.acknowledgementsBefore) {
                report(Kind.ACK_LOST, envelope.place.toString());
            }
        }
    }

    private void unknown(int recipient, Received received) {
        Place place = new Place(received.sender(), received.recipient(), received.number());
        boolean sent = received.recipient() == recipient && places.containsKey(place);
        report(sent ? Kind.ALTERED : Kind.INVENTED, "client " + recipient + " got " + place);
    }

    private void committed(Committed committed) {
        Place place = new Place(committed.sender(), committed.recipient(), committed.number());
        EnvelopeKey key = places.get(place);
        if (key == null) {
            return; // reported when it was collected
        }
        Envelope envelope = envelopes.get(key);
        if (envelope.committed) {
            report(Kind.DUPLICATE, place.toString());
            return;
        }
        envelope.committed = true;
        Stream stream = new Stream(committed.sender(), committed.recipient());
        int expected = next.getOrDefault(stream, 0);
        if (committed.number() != expected) {
            report(Kind.OUT_OF_ORDER, place + " where number " + expected + " was due");
        }
        next.put(stream, Math.max(expected, committed.number() + 1));
    }

    private void ackSent(AckSent ack) {
        List<Envelope> settled = new ArrayList<>();
        for (String id : ack.ids()) {
            Envelope envelope = envelopes.get(new EnvelopeKey(ack.recipient(), id));
            if (envelope != null && envelope.open == 0) {
                settled.add(envelope);
            }
        }
        acknowledgings.put(ack.request(), settled);
    }

    private void acked(long request) {
        acknowledgements++;
        for (Envelope envelope : acknowledgings.remove(request)) {
            // One that was sent again meanwhile may be there again.
            if (envelope.open == 0) {
                envelope.goneAt = Math.min(envelope.goneAt, acknowledgements);
            }
        }
    }

    private void report(Kind kind, String what) {
        violations.add(new Violation(kind, what));
    }

    /** What an envelope is to a recipient. */
    private record EnvelopeKey(int recipient, String id) {}

    private record Stream(int sender, int recipient) {}

    private record Place(int sender, int recipient, int number) {

        @Override
        public String toString() {
            return "number " + number + " of client " + sender + " for client " + recipient;
        }
    }

    /** @param acknowledgementsBefore how many had been answered when it began */
    private record Collecting(int recipient, long acknowledgementsBefore) {}

    private static final class Envelope {

        static final long NEVER = Long.MAX_VALUE;

        final Place place;
        /** Tries of which the sender does not know for certain that they are over. */
        int open;

        boolean stored;
        boolean committed;
        /** Which acknowledgement, by the order of the answers, was its last. */
        long goneAt = NEVER;

        Envelope(Place place) {
            this.place = place;
        }
    }
}
