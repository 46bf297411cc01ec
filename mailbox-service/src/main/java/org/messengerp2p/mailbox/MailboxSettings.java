package org.messengerp2p.mailbox;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.messengerp2p.kit.limit.Limit;

/** Settings of mailbox-service. */
@ConfigMapping(prefix = "mp2p.mailbox")
public interface MailboxSettings {

    /** MAILBOX_TTL: how long an envelope waits, 1 to 365 days; auth-service publishes the same number (MP2P/1 §1.3). */
    @WithDefault("P${mp2p.mailbox-ttl-days:30}D")
    @DurationMin(days = 1)
    @DurationMax(days = 365)
    Duration ttl();

    /** Time between two looks for what has expired. */
    @WithDefault("PT10M")
    Duration expiryInterval();

    /** Most that may wait for one device. */
    Quota quota();

    /** How batches that come at the same time are joined. */
    Store store();

    /** How often one may call; {@code <tokens>/<period>/<burst>}. */
    Limits limits();

    /** Tink keyset that seals envelopes, as JSON; the same file for every replica. Beside it lies the archive's. */
    @WithDefault("data/secrets/mailbox/envelopes.json")
    Path keyset();

    /** Whether a missing keyset is made; else it stops the start, as where a setup makes the files. */
    @WithDefault("${mp2p.make-missing-secrets:true}")
    boolean makeMissingKeyset();

    /** Time after which the keysets' files are read again: {@code rotate-keys} gives each service twice the longest. */
    @WithDefault("PT10S")
    @DurationMin(seconds = 1)
    @DurationMax(minutes = 1)
    Duration keysetReread();

    /** Internal listener of auth-service. */
    @WithDefault("http://127.0.0.1:8181")
    URI authInternalUrl();

    /** Within this time auth-service is asked about an account at most once. */
    @WithDefault("PT2S")
    Duration askAgainAfter();

    /** Longest that a call to auth-service may take. */
    @WithDefault("PT3S")
    Duration askTimeout();

    /** The database, beside Quarkus' own settings of the datasource {@code mailbox}. */
    Database database();

    /** Whichever is reached first. What other accounts send by {@code messages} fills at most half of each. */
    interface Quota {

        /** Envelopes. */
        @WithDefault("10000")
        @Min(2)
        int envelopes();

        /** Bytes of envelopes as they came. */
        @WithDefault("500M")
        MemorySize bytes();
    }

    /** Groups of batches that one statement stores. */
    interface Store {

        /** Shortest time between the beginnings of two groups that are not large; a batch that comes alone never waits. */
        @WithDefault("PT0.02S")
        @DurationMax(seconds = 1)
        Duration linger();

        /** Envelopes of a group, unless one request brings more. */
        @WithDefault("160")
        @Min(1)
        @Max(1000)
        int maxGroup();
    }

    /** Rates. */
    interface Limits {

        /** {@code deliver}, for each recipient account and token that is shown for it. */
        @WithDefault("120/PT1M/600")
        Limit deliver();

        /** {@code deliver}, for each address prefix; households and offices share one. */
        @WithDefault("600/PT1M/1200")
        Limit deliverByAddress();

        /** What a {@code deliver} with a wrong token takes of {@link #deliverByAddress()}; one with a right token takes 1. */
        @WithDefault("20")
        @Min(1)
        int wrongTokenCost();

        /** {@code messages}, for each sending account. */
        @WithDefault("120/PT1M/600")
        Limit messages();

        /** {@code collect}, {@code ack} and {@code delivery-token} together, for each device. */
        @WithDefault("1200/PT1M/2400")
        Limit device();

        /** Keys that one limit remembers; each takes about 200 bytes. */
        @WithDefault("100000")
        @Min(1)
        int memory();
    }

    /** Bounds of waiting for the database. */
    interface Database {

        /** Longest that a request waits for one statement before it is told that the database is away. */
        @WithDefault("PT5S")
        Duration patience();

        /** The same for work that no client waits for. */
        @WithDefault("PT60S")
        Duration backgroundPatience();

        /** Statements that may wait for a connection; further ones are refused at once. */
        @WithDefault("1000")
        @Min(1)
        @Max(100_000)
        int maxWaiting();

        /** Whether PostgreSQL plans each statement once for a connection; the coordinator of a Citus cluster cannot. */
        @WithDefault("true")
        boolean planOnce();
    }
}
