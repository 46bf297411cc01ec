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
 * Token buckets in the database, one for all replicas, by the arithmetic of {@link
 * org.messengerp2p.kit.limit.TokenBucket} (docs/adr/0025).
 */
@ApplicationScoped
public class LastingLimits {
    // Of several buckets all give a token or none does; where another call empties one of them in the same moment, the
    // others may lose theirs. Rows in the order of their keys, so that two calls cannot wait for each other. What is
    // full later than an empty bucket would be is of a clock that stood ahead, and counts for nothing.
    private static final String TAKE = """
            with wanted as (
                select *
                  from unnest(cast(:keys as uuid[]), cast(:token as bigint[]), cast(:whole as bigint[]))
                       as wanted (bucket_key, token, whole)
            ), lacking as (
                select greatest(full_at - :now, 0) + token - whole as wait
                  from wanted join rate_bucket using (bucket_key)
                 where greatest(full_at - :now, 0) + token > whole
                   and full_at - :now <= whole + :skew
            ), taken as (
                insert into rate_bucket as bucket (bucket_key, full_at)
                select bucket_key, :now + token
                  from wanted
                 where not exists (select from lacking)
                 order by bucket_key
                on conflict (bucket_key) do update
                   set full_at = (
                        select :now + token + case when bucket.full_at - :now <= whole + :skew
                                                   then greatest(bucket.full_at - :now, 0)
                                                   else 0
                                              end
                          from wanted
                         where wanted.bucket_key = bucket.bucket_key)
                 where (select greatest(bucket.full_at - :now, 0) + token <= whole
                               or bucket.full_at - :now > whole + :skew
                          from wanted
                         where wanted.bucket_key = bucket.bucket_key)
                returning bucket_key
            )
            select coalesce(
                (select max(wait) from lacking),
                (select max(token) from wanted where bucket_key not in (select bucket_key from taken)),
                0)
            """;

    // In no order of keys, so it waits for nobody: what a call holds just now is not full any more.
    private static final String FORGET = """
            delete from rate_bucket
             where bucket_key in (select bucket_key from rate_bucket where full_at <= :now for update skip locked)
            """;

    private final Limits limits;
    private final LimitKeys keys;
    private final Clock clock;

    LastingLimits(Limits limits, LimitKeys keys, Clock clock) {
        this.limits = limits;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Takes a token of each, or of none. One statement, which is its own transaction: what is refused or fails later
     * has been counted. A refusal writes nothing.
     *
     * @throws ProblemException rate-limited, with the time to wait
     */
    @WithSession
    public Uni<Void> take(Charge... charges) {
        List<Charge> all = List.of(charges);
        return Panache.getSession()
                .chain(session -> session.createNativeQuery(TAKE, Long.class)
                        .setParameter("keys", keys.of(all))
                        .setParameter("token", limits.each(all, Limit::nanosPerToken))
                        .setParameter("whole", limits.each(all, Limit::nanosToFill))
                        .setParameter("now", Limits.nanos(clock))
                        .setParameter("skew", Limits.SKEW_NANOS)
                        .getSingleResult())
                .invoke(Limits::refuseUntil)
                .replaceWithVoid();
    }

    @Scheduled(every = "10m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @WithTransaction
    Uni<Void> forgetFull() {
        return Panache.getSession()
                .chain(session -> session.createNativeQuery(FORGET)
                        .setParameter("now", Limits.nanos(clock))
                        .executeUpdate())
                .replaceWithVoid();
    }
}
