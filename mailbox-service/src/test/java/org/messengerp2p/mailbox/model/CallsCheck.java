package org.messengerp2p.mailbox.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.mailbox.model.Calls.Acknowledged;
import org.messengerp2p.mailbox.model.Calls.Listed;
import org.messengerp2p.mailbox.model.Calls.Stored;
import org.messengerp2p.mailbox.model.Calls.Timed;

/**
 * Whether each answer is one that the model could have given at some moment between the beginning and the end of its
 * call. Lists and tokens come from one caller, so what held at a moment is known but for the calls that were under way.
 */
final class CallsCheck {

    private final List<Timed<Listed>> lists;
    private final List<Timed<Integer>> tokens;
    private final List<Timed<Stored>> stores;
    private final List<Timed<Acknowledged>> acknowledgements;
    private final int quota;
    private final List<String> impossible = new ArrayList<>();

    private CallsCheck(Calls calls, int quota) {
        lists = inOrder(calls.lists);
        tokens = inOrder(calls.tokens);
        stores = inOrder(calls.stores);
        acknowledgements = inOrder(calls.acknowledgements);
        this.quota = quota;
    }

    /** @return the answers that cannot be, in words */
    static List<String> impossibleAnswers(Calls calls, int quota) {
        CallsCheck check = new CallsCheck(calls, quota);
        check.stores.forEach(check::check);
        return check.impossible;
    }

    private void check(Timed<Stored> call) {
        Stored stored = call.what();
        switch (stored.status()) {
            case 200 -> checkStored(call);
            case 401 -> require(call, "refused by its token", mayHold(tokens, call, token -> !isToken(token, stored)));
            case 409 -> checkOtherList(call);
            default -> require(call, "answered " + stored.status(), false);
        }
    }

    private void checkStored(Timed<Stored> call) {
        Stored stored = call.what();
        require(
                call,
                "stored by a token that was not there",
                stored.token().isEmpty() || mayHold(tokens, call, token -> isToken(token, stored)));
        require(
                call,
                "stored for a list that was not there",
                mayHold(
                        lists,
                        call,
                        list -> list.version() == stored.listVersion()
                                && list.devices().containsAll(stored.devices())));
        IntStream.range(0, stored.states().size())
                .filter(i -> stored.states().get(i).equals("full"))
                .forEach(i -> require(
                        call,
                        "full though there was room",
                        mayBeFull(call, stored.devices().get(i))));
    }

    /**
     * It may name the version that the sender had, and a device of it that has just ended: the statement reads the list as
     * it was when it began, and then finds no mailbox to lock. The sender takes that for a copy that is behind, waits and
     * sends again.
     */
    private void checkOtherList(Timed<Stored> call) {
        Stored stored = call.what();
        require(
                call,
                "answered a list that was not there",
                mayHold(lists, call, list -> list.version() == stored.answeredVersion()));
        require(
                call,
                "answered the list that it had named",
                stored.answeredVersion() != stored.listVersion()
                        || mayHold(lists, call, list -> !list.devices().containsAll(stored.devices())));
    }

    /** Whether so much may have waited, at most, that nothing went in. One parcel for each device of a call. */
    private boolean mayBeFull(Timed<Stored> call, DeviceId device) {
        boolean limited = call.what().token().isEmpty();
        Map<String, Boolean> waiting = new HashMap<>();
        for (Timed<Stored> other : stores) {
            int at = other.what().devices().indexOf(device);
            boolean brought = at >= 0
                    && other.mayComeBefore(call.ended())
                    && other.what().status() == 200
                    && other.what().states().get(at).equals("stored");
            if (brought) {
                waiting.put(other.what().ids().get(at), other.what().token().isEmpty());
            }
        }
        waiting.keySet().removeAll(goneBefore(call.begun(), device));
        long byMessages =
                waiting.values().stream().filter(Boolean::booleanValue).count();
        return waiting.size() >= quota || limited && byMessages >= quota / 2;
    }

    private Set<String> goneBefore(long moment, DeviceId device) {
        Set<String> gone = new HashSet<>();
        acknowledgements.stream()
                .filter(ack -> ack.what().device().equals(device) && ack.hasEndedBefore(moment))
                .forEach(ack -> gone.addAll(ack.what().ids()));
        return gone;
    }

    private void require(Timed<Stored> call, String what, boolean possible) {
        if (!possible) {
            impossible.add(what + ": " + call);
        }
    }

    private static boolean isToken(Integer token, Stored stored) {
        return stored.token().filter(token::equals).isPresent();
    }

    /** Whether a state like this may have held at a moment of the call: set before its end, and not replaced before. */
    private static <T> boolean mayHold(List<Timed<T>> changes, Timed<Stored> call, Predicate<T> wanted) {
        return IntStream.range(0, changes.size())
                .filter(i -> wanted.test(changes.get(i).what()))
                .filter(i -> changes.get(i).mayComeBefore(call.ended()))
                .anyMatch(i -> i == changes.size() - 1 || !changes.get(i + 1).hasEndedBefore(call.begun()));
    }

    private static <T> List<Timed<T>> inOrder(Collection<Timed<T>> calls) {
        return calls.stream().sorted(Comparator.comparingLong(Timed::begun)).toList();
    }
}
