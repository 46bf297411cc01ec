package org.messengerp2p.mailbox.delivery;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.messengerp2p.kit.identity.AccountId;

/**
 * Asks about an account at most once in a while; whoever asks within it shares the answer, also one that is still on
 * its way, also a failure. Holds the questions of that while only, whose number the limits on requests bound.
 */
final class DirectoryQuestions {

    private final long whileNanos;
    private final LongSupplier nanoTime;
    private final Function<AccountId, Uni<Void>> question;
    private final Map<AccountId, Asked> recent = new LinkedHashMap<>();

    DirectoryQuestions(Duration onceIn, LongSupplier nanoTime, Function<AccountId, Uni<Void>> question) {
        this.whileNanos = onceIn.toNanos();
        this.nanoTime = nanoTime;
        this.question = question;
    }

    Uni<Void> ask(AccountId account) {
        long now = nanoTime.getAsLong();
        synchronized (recent) {
            forgetOld(now);
            return recent.computeIfAbsent(
                            account,
                            key -> new Asked(
                                    now,
                                    Uni.createFrom()
                                            .deferred(() -> question.apply(key))
                                            .memoize()
                                            .indefinitely()))
                    .answer();
        }
    }

    private void forgetOld(long now) {
        Iterator<Asked> oldestFirst = recent.values().iterator();
        while (oldestFirst.hasNext() && now - oldestFirst.next().at() >= whileNanos) {
            oldestFirst.remove();
        }
    }

    private record Asked(long at, Uni<Void> answer) {}
}
