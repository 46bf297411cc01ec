package org.messengerp2p.auth.limit;

import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.limit.Limit;
import org.messengerp2p.kit.limit.TokenBuckets;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * The limits of {@link AuthLimit} as they are set here, and the buckets of those that are kept in the memory of this
 * replica; {@link LastingLimits} and {@link SecretGuesses} keep the others.
 */
@Singleton
@Startup
public class Limits {
    /** So far apart the clocks of two replicas may be, so that neither takes what the other wrote for nonsense. */
    static final long SKEW_NANOS = Duration.ofMinutes(1).toNanos();

    private final LimitSettings settings;
    private final Map<AuthLimit, TokenBuckets<AddressPrefix>> buckets = new EnumMap<>(AuthLimit.class);

    Limits(LimitSettings settings) {
        this.settings = settings;
        refuseUnknown(settings.limits().keySet());
        Arrays.stream(AuthLimit.values())
                .filter(limit -> limit.kept() == AuthLimit.Kept.IN_MEMORY)
                .forEach(limit -> buckets.put(limit, new TokenBuckets<>(rate(limit), settings.limitMemory())));
    }

    /** The rate as it is set here. */
    public Limit rate(AuthLimit limit) {
        return settings.limits().getOrDefault(limit.setting(), limit.standard());
    }

    /**
     * Takes a token of a limit that is kept in memory.
     *
     * @throws ProblemException rate-limited, with the time to wait
     */
    public void take(AuthLimit limit, AddressPrefix address) {
        buckets.get(limit).take(address).ifPresent(wait -> {
            throw tooOften(wait);
        });
    }

    /** A number of each one's rate. */
    long[] each(List<Charge> charges, ToLongFunction<Limit> number) {
        return charges.stream()
                .mapToLong(charge -> number.applyAsLong(rate(charge.limit())))
                .toArray();
    }

    /** What a statement says: 0 if it has counted the call, else how long to wait. */
    static void refuseUntil(long waitNanos) {
        if (waitNanos > 0) {
            throw tooOften(Duration.ofNanos(waitNanos));
        }
    }

    /** Nanoseconds since 1970; they fit until 2262. */
    static long nanos(Clock clock) {
        return ChronoUnit.NANOS.between(Instant.EPOCH, clock.instant());
    }

    private static ProblemException tooOften(Duration wait) {
        return ProblemException.retryAfter(CommonProblem.RATE_LIMITED, "Too often; wait before the next try.", wait);
    }

    private static void refuseUnknown(Set<String> named) {
        Set<String> unknown = new HashSet<>(named);
        Arrays.stream(AuthLimit.values()).map(AuthLimit::setting).forEach(unknown::remove);
        Optional<String> first = unknown.stream().findFirst();
        if (first.isPresent()) {
            throw new IllegalStateException("mp2p.auth.limits has no limit named " + first.get());
        }
    }
}
