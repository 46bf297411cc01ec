package org.messengerp2p.kit.problem;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A refusal on its way to the edge, where it becomes an RFC 9457 answer. It is an answer and not a fault, so it
 * carries no stack trace, and its detail must never hold a secret or an id.
 */
public final class ProblemException extends RuntimeException {

    private final transient ProblemType type;
    private final transient Map<String, Object> members;
    private final transient Duration retryAfter;

    private ProblemException(ProblemType type, String detail, Map<String, Object> members, Duration retryAfter) {
        super(detail, null, false, false);
        this.type = type;
        this.members = Map.copyOf(members);
        this.retryAfter = retryAfter;
    }

    /** @param detail one sentence for the caller: what is wrong and what would be right */
    public static ProblemException of(ProblemType type, String detail) {
        return new ProblemException(type, detail, Map.of(), null);
    }

    /** One answer for all that is wrong with a token, the end of its life too: who tries learns nothing. */
    public static ProblemException tokenInvalid() {
        return of(CommonProblem.TOKEN_INVALID, "This call needs a token that is valid here.");
    }

    /** As {@link #of} with extension members of RFC 9457 §3.2, such as the version the caller should know. */
    public static ProblemException with(ProblemType type, String detail, Map<String, Object> members) {
        return new ProblemException(type, detail, members, null);
    }

    /** As {@link #of} with a {@code Retry-After}; parts of a second are rounded up. */
    public static ProblemException retryAfter(ProblemType type, String detail, Duration retryAfter) {
        return new ProblemException(type, detail, Map.of(), retryAfter);
    }

    public ProblemType type() {
        return type;
    }

    public Map<String, Object> members() {
        return members;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
