package org.messengerp2p.kit.problem;

/** Refusals that any request of their kind may get (MP2P/1 §20). */
public enum CommonProblem implements ProblemType {
    MALFORMED(400, "malformed"),
    TOKEN_INVALID(401, "token-invalid"),
    DEVICE_REVOKED(401, "device-revoked"),
    PENDING_TOKEN(403, "pending-token"),
    FORBIDDEN(403, "forbidden"),
    NOT_FOUND(404, "not-found"),
    METHOD_NOT_ALLOWED(405, "method-not-allowed"),
    NOT_ACCEPTABLE(406, "not-acceptable"),
    TOO_LARGE(413, "too-large"),
    MEDIA_TYPE(415, "media-type"),
    RATE_LIMITED(429, "rate-limited"),
    BUSY(429, "busy"),
    DEFECT(500, "defect"),
    UNAVAILABLE(503, "unavailable");

    private final int status;
    private final String slug;

    CommonProblem(int status, String slug) {
        this.status = status;
        this.slug = slug;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String slug() {
        return slug;
    }
}
