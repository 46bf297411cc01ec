package org.messengerp2p.kit.identity;

/**
 * What a token opens. The values are the roles that {@link AudienceRoles} gives, for {@code @RolesAllowed}: one
 * per service, so that a token shown to one service is worth nothing at another, and two narrow ones.
 */
public final class Audience {

    public static final String AUTH = "auth";
    public static final String MAILBOX = "mailbox";
    public static final String SIGNALING = "signaling";

    /** A PENDING token: a password was right, no device is active yet (MP2P/1 §2). */
    public static final String AUTH_PENDING = "auth-pending";

    /** What a revoked device may still read: its own list and the log (MP2P/1 §2, §20 point 6). */
    public static final String AUTH_REVOKED = "auth-revoked";

    private Audience() {}
}
