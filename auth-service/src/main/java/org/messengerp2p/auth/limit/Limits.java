package org.messengerp2p.auth.limit;

import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.messengerp2p.kit.limit.Limit;
import org.messengerp2p.kit.limit.TokenBuckets;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/** Keeps the limits of {@link AuthLimit}, in the memory of this replica. */
@Singleton
@Startup
public class Limits {
    private final LimitSettings settings;
    private final Map<AuthLimit, TokenBuckets<Object>> buckets = new EnumMap<>(AuthLimit.class);

    Limits(LimitSettings settings) {
        this.settings = settings;
        refuseUnknown(settings.limits().keySet());
        for (AuthLimit limit : AuthLimit.values()) {
            buckets.put(limit, new TokenBuckets<>(rate(limit), settings.limitMemory()));
        }
    }

    /** The rate as it is set here. */
    public Limit rate(AuthLimit limit) {
        return settings.limits().getOrDefault(limit.setting(), limit.standard());
    }

    /** Keys that one limit remembers. */
    public int memory() {
        return settings.limitMemory();
    }

    /** @throws ProblemException rate-limited, with the time to wait */
    public void take(AuthLimit limit, Object key) {
        buckets.get(limit).take(key).ifPresent(wait -> {
            throw tooOften(wait);
        });
    }

    public static ProblemException tooOften(Duration wait) {
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
