package org.messengerp2p.auth.transparency;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.messengerp2p.auth.ServerSettings;
import org.messengerp2p.auth.account.Username;
import org.messengerp2p.auth.wire.Hashes;
import org.messengerp2p.kit.identity.AccountId;

/**
 * Appends what the log lacks before the first request is served: all lists and names of a database that is older than
 * the log, and what a replica of that age has accepted since. A list outside the log would be a warning at whoever uses
 * it. Blocking, at start, by the connection that migrations use; everything or nothing.
 */
@Singleton
class LogBacklog {
    private static final Logger LOG = Logger.getLogger(LogBacklog.class);
    private static final int BATCH = 1000;
    private static final long FIRST_VERSION = 1;

    private static final String MISSING = """
            device_list join account using (account_id)
             where not exists (
                select from key_leaf
                 where get_byte(leaf, 0) = 1
                   and substring(leaf from 2 for 20)
                       = uuid_send(account_id) || substring(int8send(device_list.list_version) from 5))
            """;

    private static final String ANY_MISSING = "select exists (select from " + MISSING + ")";

    /** Each account in the order in which they were made, its lists as they follow each other. */
    private static final String EACH_MISSING = "select account_id, username, device_list.list_version, dlc from "
            + MISSING + "order by created_at, account_id, device_list.list_version";

    private static final String HOLD = "select size, peaks from key_log for update";
    private static final String INSERT = "insert into key_leaf (leaf_index, leaf) values (?, ?)";
    private static final String UPDATE = "update key_log set size = ?, peaks = ?";

    private static final String LAST_SEQ_OF_NAME = """
            select substring(leaf from 50 for 4)
              from key_leaf
             where get_byte(leaf, 0) = 2 and substring(leaf from 2 for 32) = ?
             order by 1 desc
             limit 1
            """;

    private final AgroalDataSource database;
    private final ServerSettings server;

    LogBacklog(@DataSource("auth") AgroalDataSource database, ServerSettings server) {
        this.database = database;
        this.server = server;
    }

    void append(@Observes StartupEvent event) throws SQLException {
        try (Connection connection = database.getConnection()) {
            if (!isAnyMissing(connection)) {
                return;
            }
            connection.setAutoCommit(false);
            try {
                long added = appendMissing(connection);
                connection.commit();
                LOG.infof("The key log was begun, or brought up to date, with %d leaves", added);
            } finally {
                // Of what was committed nothing is undone.
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private static boolean isAnyMissing(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(ANY_MISSING)) {
            answer.next();
            return answer.getBoolean(1);
        }
    }

    /** Held first: of two replicas that start at once the second finds nothing missing. */
    private long appendMissing(Connection connection) throws SQLException {
        Frontier before = held(connection);
        Frontier log = before;
        try (PreparedStatement missing = connection.prepareStatement(EACH_MISSING);
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            missing.setFetchSize(BATCH);
            ResultSet lists = missing.executeQuery();
            while (lists.next()) {
                for (Leaf leaf : leavesOf(connection, lists)) {
                    insert.setLong(1, log.size());
                    insert.setBytes(2, leaf.bytes());
                    insert.addBatch();
                    log = log.with(List.of(leaf.bytes()));
                    if (log.size() % BATCH == 0) {
                        insert.executeBatch();
                    }
                }
            }
            insert.executeBatch();
        }
        store(connection, log);
        return log.size() - before.size();
    }

    private List<Leaf> leavesOf(Connection connection, ResultSet list) throws SQLException {
        AccountId account = new AccountId(list.getObject(1, UUID.class));
        long version = list.getLong(3);
        Leaf leaf = Leaf.list(account, version, Hashes.sha256(list.getBytes(4)));
        if (version != FIRST_VERSION) {
            return List.of(leaf);
        }
        byte[] nameHash = Leaf.nameHash(server.canonicalHost(), new Username(list.getString(2)));
        return List.of(Leaf.name(nameHash, account, lastSeqOf(connection, nameHash) + 1), leaf);
    }

    private static Frontier held(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet log = statement.executeQuery(HOLD)) {
            log.next();
            return Frontier.of(log.getLong(1), log.getBytes(2));
        }
    }

    private static void store(Connection connection, Frontier log) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
            update.setLong(1, log.size());
            update.setBytes(2, log.encodedPeaks());
            update.executeUpdate();
        }
    }

    private static long lastSeqOf(Connection connection, byte[] nameHash) throws SQLException {
        try (PreparedStatement last = connection.prepareStatement(LAST_SEQ_OF_NAME)) {
            last.setBytes(1, nameHash);
            ResultSet seq = last.executeQuery();
            return seq.next()
                    ? Integer.toUnsignedLong(ByteBuffer.wrap(seq.getBytes(1)).getInt())
                    : 0;
        }
    }
}
