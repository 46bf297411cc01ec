package org.messengerp2p.mailbox.delivery;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.mailbox.MailboxDatabase;

/**
 * Accounts that ended a moment ago, as hashes. They are not needed to refuse a token, which auth-service does, but a
 * device list that was sent or read before the end and arrives after it.
 */
@ApplicationScoped
public class EndedAccounts {

    /** Many times as long as a call between services, a question or a transaction may take. */
    private static final Duration KEPT = Duration.ofMinutes(10);

    private static final byte[] LABEL = "mp2p ended account\0".getBytes(StandardCharsets.US_ASCII);

    private static final String ADD = """
            insert into ended_account (account_hash, ended_at)
            values ($1, $2)
                on conflict on constraint ended_account_pk do update set ended_at = excluded.ended_at
            """;

    private static final String UNDO = """
            delete from recipient r
             using ended_account e
             where r.account = $1 and e.account_hash = $2
            """;

    private static final String FORGET = """
            delete from ended_account where ended_at <= $1
            """;

    private final MailboxDatabase database;
    private final Clock clock;

    EndedAccounts(MailboxDatabase database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** In the transaction that ends it and holds its row. */
    Uni<Void> add(SqlConnection transaction, AccountId account) {
        return transaction
                .preparedQuery(ADD)
                .execute(Tuple.of(hash(account), now()))
                .replaceWithVoid();
    }

    /**
     * Takes the account's new row back if it has ended. A statement of its own after the one that wrote the row: that
     * waits for whoever ends the account, and does not see what they did.
     *
     * @return whether it has ended
     */
    Uni<Boolean> undo(SqlConnection transaction, AccountId account) {
        return transaction
                .preparedQuery(UNDO)
                .execute(Tuple.of(account.value(), hash(account)))
                .map(rows -> rows.rowCount() > 0);
    }

    /** Forgets those of which nothing can be on its way any more. */
    public Uni<Void> forgetOld() {
        return database.executeInBackground(FORGET, Tuple.of(now().minus(KEPT))).replaceWithVoid();
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static Buffer hash(AccountId account) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(LABEL);
            return Buffer.buffer(hash.digest(account.bytes()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
