package org.messengerp2p.auth.limit;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import org.messengerp2p.kit.limit.Limit;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * Bounds guesses at secrets, for all replicas and across restarts: so many in a window, then a pause of its length, which
 * doubles up to four times each time they are used up again, until there was as much quiet (docs/adr/0025).
 */
@ApplicationScoped
public class SecretGuesses {
    // Written as in LastingLimits. A pause that is longer than any is of a clock that stood ahead.
    private static final String COUNT = """
            with wanted as (
                select *
                  from unnest(cast(:keys as uuid[]), cast(:most as bigint[]), cast(:period as bigint[]))
                       as wanted (guess_key, most, period)
            ), paused as (
                select until - :now as wait
                  from wanted join secret_guess using (guess_key)
                 where made >= most and until > :now and until - :now <= (period << 4) + :skew
            ), counted as (
                insert into secret_guess as guess (guess_key, made, pauses, until, forgotten_at)
                select guess_key, 1, cast(most = 1 as integer), :now + period,
                       :now + period + (period << cast(most = 1 as integer))
                  from wanted
                 where not exists (select from paused)
                 order by guess_key
                on conflict (guess_key) do update
                   set (made, pauses, until, forgotten_at) = (
                        select next.made, ended.pauses, ended.until, ended.until + (period << least(ended.pauses, 4))
                          from wanted
                         cross join lateral (
                            select guess.until - :now > (period << 4) + :skew as is_ahead
                         ) as clock
                         cross join lateral (
                            select case when guess.until <= :now or is_ahead then 1 else guess.made + 1 end as made,
                                   case when guess.forgotten_at <= :now or is_ahead then 0 else guess.pauses end as pauses
                         ) as next
                         cross join lateral (
                            select next.pauses + cast(next.made >= most as integer) as pauses,
                                   case when next.made >= most then :now + (period << least(next.pauses, 4))
                                        when guess.until <= :now or is_ahead then :now + period
                                        else guess.until
                                   end as until
                         ) as ended
                         where wanted.guess_key = guess.guess_key)
                 where guess.until <= :now
                    or (select guess.made < most or guess.until - :now > (period << 4) + :skew
                          from wanted
                         where wanted.guess_key = guess.guess_key)
                returning guess_key
            )
            select coalesce(
                (select max(wait) from paused),
                (select max(period) from wanted where guess_key not in (select guess_key from counted)),
                0)
            """;

    private static final String FORGET_QUIET = """
            delete from secret_guess
             where guess_key in (select guess_key from secret_guess where forgotten_at <= :now for update skip locked)
            """;

    private final Limits limits;
    private final LimitKeys keys;
    private final Clock clock;

    SecretGuesses(Limits limits, LimitKeys keys, Clock clock) {
        this.limits = limits;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Counts one guess against each, or against none. One statement, which is its own transaction. A refusal writes
     * nothing and prolongs no pause.
     *
     * @throws ProblemException rate-limited, with the time to wait
     */
    @WithSession
    public Uni<Void> count(Charge... charges) {
        List<Charge> all = List.of(charges);
        return Panache.getSession()
                .chain(session -> session.createNativeQuery(COUNT, Long.class)
                        .setParameter("keys", keys.of(all))
                        .setParameter("most", limits.each(all, Limit::tokens))
                        .setParameter(
                                "period",
                                limits.each(all, limit -> limit.period().toNanos()))
                        .setParameter("now", Limits.nanos(clock))
                        .setParameter("skew", Limits.SKEW_NANOS)
                        .getSingleResult())
                .invoke(Limits::refuseUntil)
                .replaceWithVoid();
    }

    /** A guess was right: what was wrong before it is forgotten. */
    @WithTransaction
    public Uni<Void> forget(Charge charge) {
        return Panache.getSession()
                .chain(session -> session.createNativeQuery("delete from secret_guess where guess_key = :key")
                        .setParameter("key", keys.of(charge))
                        .executeUpdate())
                .replaceWithVoid();
    }

    @Scheduled(every = "10m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @WithTransaction
    Uni<Void> forgetQuiet() {
        return Panache.getSession()
                .chain(session -> session.createNativeQuery(FORGET_QUIET)
                        .setParameter("now", Limits.nanos(clock))
                        .executeUpdate())
                .replaceWithVoid();
    }
}
