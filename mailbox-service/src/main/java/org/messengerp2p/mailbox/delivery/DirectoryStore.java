package org.messengerp2p.mailbox.delivery;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.mailbox.MailboxDatabase;

/** The device directory in the database: which accounts there are, and a mailbox for each of their devices. */
@ApplicationScoped
public class DirectoryStore {

    /** Locks the account: what follows in the transaction sees all that an older list did. */
    private static final String TAKE_NEWER = """
            insert into recipient as r (account, list_version)
            values ($1, $2)
                on conflict on constraint recipient_pk do update
               set list_version = excluded.list_version
             where r.list_version < excluded.list_version
            """;

    /** In the order in which stores lock mailboxes. From now on nobody stores in them. */
    private static final String HOLD_ENDING = """
            select m.device
              from mailbox m
             where m.account = $1
               and m.device <> all ($2)
             order by m.device
               for update
            """;

    /** A statement of its own: it sees what was stored until the mailboxes were held. */
    private static final String DELETE_ENVELOPES = """
            delete from envelope e
             using mailbox m
             where m.account = $1
               and m.device <> all ($2)
               and e.account = m.account
               and e.device = m.device
            """;

    private static final String DELETE_MAILBOXES = """
            delete from mailbox m where m.account = $1 and m.device <> all ($2)
            """;

    /**
     * Only those that are missing. An insert that comes upon a mailbox waits for the store which is changing it, and that
     * may wait for a mailbox which has just ended here: a deadlock. The account is locked, so nobody else opens any.
     */
    private static final String OPEN_MAILBOXES = """
            insert into mailbox (account, device)
            select $1, d.device
              from unnest($2::bigint[]) as d (device)
             where not exists (select from mailbox m where m.account = $1 and m.device = d.device)
                on conflict on constraint mailbox_pk do nothing
            """;

    /** Locks the account, known or not: a list that is on its way comes before or after all of the end. */
    private static final String HOLD = """
            insert into recipient as r (account, list_version)
            values ($1, 1)
                on conflict on constraint recipient_pk do update set list_version = r.list_version
            """;

    private static final String END = """
            delete from recipient r where r.account = $1
            """;

    private static final String IS_LISTED = """
            select true from mailbox m where m.account = $1 and m.device = $2
            """;

    private static final Long[] NONE = {};

    private final MailboxDatabase database;
    private final EndedAccounts ended;

    DirectoryStore(MailboxDatabase database, EndedAccounts ended) {
        this.database = database;
        this.ended = ended;
    }

    /** Does nothing if the directory has this version or a newer one, or the account has just ended. */
    Uni<Void> take(AccountId account, long listVersion, List<DeviceId> devices) {
        UUID key = account.value();
        Long[] listed = devices.stream().map(DeviceId::value).toArray(Long[]::new);
        return database.inTransaction(connection -> run(connection, TAKE_NEWER, Tuple.of(key, listVersion))
                .chain(taken -> taken == 0 ? Uni.createFrom().item(true) : ended.undo(connection, account))
                .chain(nothingToDo -> nothingToDo
                        ? Uni.createFrom().voidItem()
                        : endMailboxes(connection, account, listed)
                                .chain(() -> run(connection, OPEN_MAILBOXES, Tuple.of(key, listed)))
                                .replaceWithVoid()));
    }

    /** Everything of the account goes; nothing happens where there is nothing. */
    Uni<Void> end(AccountId account) {
        Tuple key = Tuple.of(account.value());
        return database.inTransaction(connection -> run(connection, HOLD, key)
                .chain(() -> ended.add(connection, account))
                .chain(() -> endMailboxes(connection, account, NONE))
                .chain(() -> run(connection, END, key))
                .replaceWithVoid());
    }

    /** Ends those of all other devices, with what waits in them. */
    private static Uni<Integer> endMailboxes(SqlConnection connection, AccountId account, Long[] listed) {
        Tuple parameters = Tuple.of(account.value(), listed);
        return run(connection, HOLD_ENDING, parameters)
                .chain(() -> run(connection, DELETE_ENVELOPES, parameters))
                .chain(() -> run(connection, DELETE_MAILBOXES, parameters));
    }

    Uni<Boolean> isListed(Device device) {
        Tuple parameters = Tuple.of(device.account().value(), device.device().value());
        return database.execute(IS_LISTED, parameters).map(rows -> rows.size() == 1);
    }

    private static Uni<Integer> run(SqlConnection connection, String sql, Tuple parameters) {
        return connection.preparedQuery(sql).execute(parameters).map(rows -> rows.rowCount());
    }
}
