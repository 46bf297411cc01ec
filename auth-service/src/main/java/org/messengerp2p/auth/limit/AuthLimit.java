package org.messengerp2p.auth.limit;

import java.time.Duration;
import org.messengerp2p.kit.limit.Limit;

/**
 * Every limit of this service. A default is overridden by {@code mp2p.auth.limits."<name>"}, in the form that
 * {@link Limit#parse} reads.
 */
public enum AuthLimit {
    /** POST /accounts by address prefix. */
    REGISTRATIONS_BY_ADDRESS("registrations-by-address", Kept.IN_DATABASE, Limit.per(Duration.ofHours(1), 20)),
    /** POST /accounts from everywhere: how fast the database may grow by accounts that nobody knows. */
    REGISTRATIONS("registrations", Kept.IN_DATABASE, Limit.per(Duration.ofHours(1), 1000)),
    /** GET /login/parameters by address prefix. */
    PARAMETERS_BY_ADDRESS("parameters-by-address", Kept.IN_MEMORY, Limit.perMinute(60, 60)),
    /** Password and code tries by user name, known or not, and proofs by account; the pause after them doubles. */
    PASSWORDS_BY_NAME("passwords-by-name", Kept.IN_DATABASE, Limit.per(Duration.ofMinutes(15), 10)),
    /** Password and code tries, and proofs, by address prefix; the pause after them doubles. */
    PASSWORDS_BY_ADDRESS("passwords-by-address", Kept.IN_DATABASE, Limit.per(Duration.ofMinutes(15), 10)),
    /** POST /challenge by address prefix, apart from the password tries. */
    CHALLENGES_BY_ADDRESS("challenges-by-address", Kept.IN_MEMORY, Limit.perMinute(60, 120)),
    /** POST /refresh by address prefix; it costs three signatures. */
    REFRESHES_BY_ADDRESS("refreshes-by-address", Kept.IN_MEMORY, Limit.perMinute(60, 120)),
    /** GET /usernames by account and hour. */
    NAMES_BY_HOUR("names-by-hour", Kept.IN_DATABASE, Limit.per(Duration.ofHours(1), 30)),
    /** GET /usernames by account and day. */
    NAMES_BY_DAY("names-by-day", Kept.IN_DATABASE, Limit.per(Duration.ofDays(1), 200)),
    /** Bundles by requester and target. */
    BUNDLES_BY_PAIR("bundles-by-pair", Kept.IN_DATABASE, Limit.per(Duration.ofHours(1), 10)),
    /** Bundles by requester. */
    BUNDLES_BY_REQUESTER("bundles-by-requester", Kept.IN_DATABASE, Limit.per(Duration.ofDays(1), 200)),
    /** New device lists by account: each stays for as long as the account, and its leaf in the key log for ever. */
    LISTS_BY_ACCOUNT("lists-by-account", Kept.IN_DATABASE, Limit.per(Duration.ofDays(1), 50)),
    /** Uploads of prekeys by account: the id of each key is kept for two months, so that it does not come again. */
    PREKEYS_BY_ACCOUNT("prekeys-by-account", Kept.IN_DATABASE, Limit.per(Duration.ofDays(1), 300));

    private final String setting;
    private final Kept kept;
    private final Limit standard;

    /** Where what was used up is remembered. */
    enum Kept {
        /** By each replica for itself, until it ends: bounds load. */
        IN_MEMORY,
        /** By all replicas together, across restarts: bounds guesses, and what can be learnt or used up. */
        IN_DATABASE
    }

    AuthLimit(String setting, Kept kept, Limit standard) {
        this.setting = setting;
        this.kept = kept;
        this.standard = standard;
    }

    String setting() {
        return setting;
    }

    Kept kept() {
        return kept;
    }

    Limit standard() {
        return standard;
    }
}
