package org.messengerp2p.mailbox.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messengerp2p.mailbox.crash.HistoryEvent.AckSent;
import org.messengerp2p.mailbox.crash.HistoryEvent.Acked;
import org.messengerp2p.mailbox.crash.HistoryEvent.Answered;
import org.messengerp2p.mailbox.crash.HistoryEvent.CollectSent;
import org.messengerp2p.mailbox.crash.HistoryEvent.Collected;
import org.messengerp2p.mailbox.crash.HistoryEvent.Committed;
import org.messengerp2p.mailbox.crash.HistoryEvent.Item;
import org.messengerp2p.mailbox.crash.HistoryEvent.Received;
import org.messengerp2p.mailbox.crash.HistoryEvent.Sent;
import org.messengerp2p.mailbox.crash.HistoryEvent.Unanswered;
import org.messengerp2p.mailbox.crash.Violation.Kind;

/** Made-up histories: what is allowed is let pass, and each kind of violation is found. */
class HistoryCheckerTest {

    private static final int ALICE = 1;
    private static final int BOB = 2;

    private final List<HistoryEvent> history = new ArrayList<>();
    private long request;

    @Test
    void letsPassWhatIsDeliveredOnceAndInOrder() {
        stored(0);
        stored(1);
        collected(0, 1);
        committed(0);
        committed(1);
        acknowledged(0, 1);
        collected();

        found();
    }

    @Test
    void letsPassWhatIsHandedOutAgainBeforeItsAcknowledgement() {
        stored(0);
        collected(0);
        committed(0);
        collected(0);
        acknowledged(0);

        found();
    }

    @Test
    void letsPassWhatAWholeAccountGets() {
        long sent = ++request;
        history.add(new Sent(0, sent, ALICE, List.of(new Item(BOB, 0, "a"), new Item(3, 0, "b"))));
        history.add(new Answered(0, sent, 200, List.of("stored", "stored")));
        history.add(new Committed(0, BOB, ALICE, 0));
        history.add(new Committed(0, 3, ALICE, 0));

        found();
    }

    @Test
    void findsWhatWasAcknowledgedAndNeverCommitted() {
        stored(0);
        collected(0);
        acknowledged(0);

        found(Kind.LOST);
    }

    @Test
    void findsOneDeviceOfABatchThatGotNothing() {
        long sent = ++request;
        history.add(new Sent(0, sent, ALICE, List.of(new Item(BOB, 0, "a"), new Item(3, 0, "b"))));
        history.add(new Answered(0, sent, 200, List.of("stored", "stored")));
        history.add(new Committed(0, BOB, ALICE, 0));

        found(Kind.LOST);
    }

    @Test
    void findsWhatTheApplicationGetsTwice() {
        stored(0);
        committed(0);
        committed(0);

        found(Kind.DUPLICATE);
    }

    @Test
    void findsWhatOnePageHoldsTwice() {
        stored(0);
        collected(0, 0);
        committed(0);

        found(Kind.DUPLICATE);
    }

    @Test
    void findsWhatOvertakes() {
        stored(0);
        stored(1);
        committed(1);
        committed(0);

        found(Kind.OUT_OF_ORDER, Kind.OUT_OF_ORDER);
    }

    @Test
    void findsWhatNobodySent() {
        stored(0);
        committed(0);
        long collect = collectSent();
        history.add(new Collected(0, collect, List.of(new Received("x", "x", -1, -1, -1)), true));

        found(Kind.INVENTED);
    }

    @Test
    void findsWhatWasForSomebodyElse() {
        stored(0);
        committed(0);
        long collect = ++request;
        history.add(new CollectSent(0, collect, 3));
        history.add(new Collected(0, collect, List.of(received(0)), true));

        found(Kind.INVENTED);
    }

    @Test
    void findsOtherBytes() {
        stored(0);
        committed(0);
        long collect = collectSent();
        history.add(new Collected(0, collect, List.of(new Received("x", "x", ALICE, BOB, 0)), true));

        found(Kind.ALTERED);
    }

    @Test
    void findsAnotherId() {
        stored(0);
        committed(0);
        long collect = collectSent();
        history.add(new Collected(0, collect, List.of(new Received("x", id(0), ALICE, BOB, 0)), true));

        found(Kind.ALTERED);
    }

    @Test
    void findsAnAcknowledgementThatDidNothing() {
        stored(0);
        collected(0);
        committed(0);
        acknowledged(0);
        collected(0);

        found(Kind.ACK_LOST);
    }

    @Test
    void letsPassAPageThatWasAskedForBeforeTheAcknowledgement() {
        stored(0);
        collected(0);
        committed(0);
        long early = collectSent();
        acknowledged(0);
        history.add(new Collected(0, early, List.of(received(0)), true));

        found();
    }

    @Test
    void letsPassWhatARequestWithoutAnAnswerMayHaveBroughtAgain() {
        long lost = sent(0);
        history.add(new Unanswered(0, lost, "reset"));
        stored(0);
        collected(0);
        committed(0);
        acknowledged(0);
        collected(0);

        found();
    }

    @Test
    void letsPassWhatARequestThatMetTheDatabaseAwayMayHaveBroughtAgain() {
        history.add(new Answered(0, sent(0), 503, List.of()));
        stored(0);
        collected(0);
        committed(0);
        acknowledged(0);
        collected(0);

        found();
    }

    @Test
    void letsPassWhatIsSentAgainWhileItIsAcknowledged() {
        long first = sent(0);
        collected(0);
        committed(0);
        acknowledged(0);
        history.add(new Answered(0, first, 200, List.of("stored")));
        collected(0);

        found();
    }

    @Test
    void letsPassAnAcknowledgementWithoutAnAnswer() {
        stored(0);
        collected(0);
        committed(0);
        long ack = ++request;
        history.add(new AckSent(0, ack, BOB, List.of(id(0))));
        history.add(new Unanswered(0, ack, "reset"));
        collected(0);

        found();
    }

    @Test
    void findsWhatIsNeverAcknowledgedToItsSender() {
        history.add(new Answered(0, sent(0), 503, List.of()));

        found(Kind.UNFINISHED);
    }

    @Test
    void findsAnswersThatNoClientExpects() {
        history.add(new Answered(0, sent(0), 500, List.of()));
        stored(0);
        committed(0);

        history.add(new HistoryEvent.Refused(0, collectSent(), 404));
        history.add(new HistoryEvent.Refused(0, collectSent(), 503));

        found(Kind.UNEXPECTED_ANSWER, Kind.UNEXPECTED_ANSWER);
    }

    @Test
    void readsFromTheFileWhatWasWritten(@TempDir Path folder) {
        stored(0);
        collected(0);
        committed(0);
        acknowledged(0);
        history.add(new HistoryEvent.Begun(0, 7, 200, 10, 3));
        history.add(new HistoryEvent.Killed(0, Victim.POSTMASTER));
        history.add(new HistoryEvent.Ready(0, "service"));
        history.add(new HistoryEvent.Forgot(0, BOB, true));
        history.add(new HistoryEvent.Refused(0, 4, 503));
        history.add(new Unanswered(0, 5, "reset"));
        Path file = folder.resolve("history.jsonl.gz");

        try (History written = new History(file)) {
            history.forEach(event -> written.add(now -> event));
        }

        List<HistoryEvent> read = new ArrayList<>();
        History.read(file, read::add);
        assertEquals(history, read);
    }

    private void found(Kind... expected) {
        HistoryChecker checker = new HistoryChecker();
        history.forEach(checker::accept);
        assertEquals(
                List.of(expected),
                checker.verdict().stream().map(Violation::kind).toList());
    }

    private long sent(int number) {
        history.add(new Sent(0, ++request, ALICE, List.of(new Item(BOB, number, id(number)))));
        return request;
    }

    private void stored(int number) {
        history.add(new Answered(0, sent(number), 200, List.of("stored")));
    }

    private long collectSent() {
        history.add(new CollectSent(0, ++request, BOB));
        return request;
    }

    private void collected(int... numbers) {
        long collect = collectSent();
        history.add(new Collected(
                0,
                collect,
                Arrays.stream(numbers).mapToObj(HistoryCheckerTest::received).toList(),
                true));
    }

    private void committed(int number) {
        history.add(new Committed(0, BOB, ALICE, number));
    }

    private void acknowledged(int... numbers) {
        List<String> ids =
                Arrays.stream(numbers).mapToObj(HistoryCheckerTest::id).toList();
        history.add(new AckSent(0, ++request, BOB, ids));
        history.add(new Acked(0, request));
    }

    private static Received received(int number) {
        return new Received(id(number), id(number), ALICE, BOB, number);
    }

    private static String id(int number) {
        return "id " + number;
    }
}
