package org.messengerp2p.mailbox.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;

class TurnsTest {

    private static final AccountId ALICE = new AccountId(new UUID(1, 1));
    private static final AccountId BOB = new AccountId(new UUID(2, 2));

    private final Turns turns = new Turns();
    private final List<UniEmitter<? super String>> running = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();

    @Test
    void changesOfOneAccountWaitForEachOther() {
        begin(ALICE);
        begin(ALICE);
        begin(BOB);
        assertEquals(2, running.size());

        running.get(0).complete("first");
        assertEquals(3, running.size());
        running.get(2).complete("second");
        running.get(1).complete("bob's");

        assertEquals(List.of("first", "second", "bob's"), ended);
    }

    @Test
    void aFailureLetsTheNextBegin() {
        begin(ALICE);
        begin(ALICE);

        running.get(0).fail(new IllegalStateException("refused"));
        running.get(1).complete("second");

        assertEquals(List.of("refused", "second"), ended);
    }

    @Test
    void whoIsCancelledLeavesTheLine() {
        Cancellable first = begin(ALICE);
        Cancellable second = begin(ALICE);
        begin(ALICE);

        second.cancel();
        assertEquals(1, running.size());
        first.cancel();
        assertEquals(2, running.size());
        running.get(1).complete("third");
        begin(ALICE);
        running.get(2).complete("fourth");

        assertEquals(List.of("third", "fourth"), ended);
    }

    private Cancellable begin(AccountId account) {
        return turns.inTurn(account, () -> Uni.createFrom().<String>emitter(running::add))
                .subscribe()
                .with(ended::add, failure -> ended.add(failure.getMessage()));
    }
}
