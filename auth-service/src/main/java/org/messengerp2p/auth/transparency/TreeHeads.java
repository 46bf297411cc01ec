package org.messengerp2p.auth.transparency;

import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.messengerp2p.auth.secret.LogKey;
import org.messengerp2p.auth.secret.ServerSecrets;

/**
 * The signed heads of the log, of which no two contradict each other, whichever replica signed them: each is published
 * by one statement that refuses it unless it follows the one before in time and size (MP2P/1 §10.1).
 */
@ApplicationScoped
public class TreeHeads {
    /** A head that is older is signed anew when it is asked for, so that clients see that the log is alive. */
    private static final Duration GOOD_FOR = Duration.ofMinutes(10);

    private final StoredTreeHeads heads;
    private final LogStates states;
    private final LogKey key;
    private final Clock clock;

    TreeHeads(StoredTreeHeads heads, LogStates states, ServerSecrets secrets, Clock clock) {
        this.heads = heads;
        this.states = states;
        this.key = secrets.logKey();
        this.clock = clock;
    }

    /** A head over every leaf that was committed before, at most 10 minutes old. */
    public Uni<TreeHead> current() {
        return seen().chain(
                        seen -> seen.isGood(clock.instant()) ? Uni.createFrom().item(seen.head()) : next(seen));
    }

    /** The newest head, and the log as it stood a moment later: it covers what the head covers, and maybe more. */
    record Seen(Optional<StoredTreeHead> newest, Frontier log) {
        boolean isGood(Instant now) {
            return newest.isPresent() && head().size() == log.size() && isYoung(newest.get(), now);
        }

        TreeHead head() {
            return newest.orElseThrow().head();
        }

        /** Not by ms: a clock that once stood ahead must not keep a head for as long. */
        private static boolean isYoung(StoredTreeHead head, Instant now) {
            return Duration.between(head.signedAt(), now).abs().compareTo(GOOD_FOR) < 0;
        }
    }

    @WithSession
    Uni<Seen> seen() {
        return heads.newest().chain(newest -> states.frontier().map(log -> new Seen(newest, log)));
    }

    private Uni<TreeHead> next(Seen seen) {
        Instant now = clock.instant();
        long ms = seen.newest()
                .map(newest -> Math.max(now.toEpochMilli(), newest.head().ms() + 1))
                .orElse(now.toEpochMilli());
        TreeHead next = TreeHead.signed(seen.log(), ms, key);
        seen.newest().ifPresent(newest -> requireContinued(newest.head(), next));
        // Where another replica came first, what it has published is looked at anew.
        return heads.publish(next, now)
                .chain(published -> published ? Uni.createFrom().item(next) : current());
    }

    /** After a restore of half a database a head would tell every client that this server cheats: better none. */
    private static void requireContinued(TreeHead newest, TreeHead next) {
        if (next.size() < newest.size() || next.size() == newest.size() && !Arrays.equals(next.root(), newest.root())) {
            throw new IllegalStateException("the key log does not continue what was signed of it");
        }
    }
}
