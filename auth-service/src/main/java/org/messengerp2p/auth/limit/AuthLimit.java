package org.messengerp2p.auth.limit;

import java.time.Duration;
import org.messengerp2p.kit.limit.Limit;

/**
 * Every limit of this service. A default is overridden by {@code mp2p.auth.limits."<name>"}, in the form that
 * {@link Limit#parse} reads.
 */
public enum AuthLimit {
    /** POST /accounts by address prefix. */
    REGISTRATIONS_BY_ADDRESS("registrations-by-address", Limit.per(Duration.ofHours(1), 20)),
    /** GET /login/parameters by address prefix. */
    PARAMETERS_BY_ADDRESS("parameters-by-address", Limit.perMinute(60, 60)),
    /** Password and code tries by user name, known or not, and proofs by account; the pause after them doubles. */
    PASSWORDS_BY_NAME("passwords-by-name", Limit.per(Duration.ofMinutes(15), 10)),
    /** Password and code tries, and proofs, by address prefix; the pause after them doubles. */
    PASSWORDS_BY_ADDRESS("passwords-by-address", Limit.per(Duration.ofMinutes(15), 10)),
    /** POST /challenge by address prefix, apart from the password tries. */
    CHALLENGES_BY_ADDRESS("challenges-by-address", Limit.perMinute(60, 120)),
    /** POST /refresh by address prefix; it costs three signatures. */
    REFRESHES_BY_ADDRESS("refreshes-by-address", Limit.perMinute(60, 120)),
    /** GET /usernames by account and hour. */
    NAMES_BY_HOUR("names-by-hour", Limit.per(Duration.ofHours(1), 30)),
    /** GET /usernames by account and day. */
    NAMES_BY_DAY("names-by-day", Limit.per(Duration.ofDays(1), 200)),
    /** Bundles by requester and target. */
    BUNDLES_BY_PAIR("bundles-by-pair", Limit.per(Duration.ofHours(1), 10)),
    /** Bundles by requester. */
    BUNDLES_BY_REQUESTER("bundles-by-requester", Limit.per(Duration.ofDays(1), 200));

    private final String setting;
    private final Limit standard;

    AuthLimit(String setting, Limit standard) {
        this.setting = setting;
        this.standard = standard;
    }

    String setting() {
        return setting;
    }

    Limit standard() {
        return standard;
    }
}
