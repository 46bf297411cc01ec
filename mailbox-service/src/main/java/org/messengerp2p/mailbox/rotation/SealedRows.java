package org.messengerp2p.mailbox.rotation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Counts what a key has sealed: each row begins with the number of its key. For a command, which may block. */
final class SealedRows {

    private static final String ENVELOPES = """
            select count(*) from envelope e where substring(e.sealed from 1 for octet_length(?)) = ?
            """;

    private static final String SEGMENTS = """
            select count(*) from archive_segment s where substring(s.sealed from 1 for octet_length(?)) = ?
            """;

    private static final String MANIFESTS = """
            select count(*) from archive_manifest m where substring(m.sealed from 1 for octet_length(?)) = ?
            """;

    private final Connection database;
    private final List<String> queries;

    private SealedRows(Connection database, List<String> queries) {
        this.database = database;
        this.queries = queries;
    }

    static SealedRows ofEnvelopes(Connection database) {
        return new SealedRows(database, List.of(ENVELOPES));
    }

    static SealedRows ofArchive(Connection database) {
        return new SealedRows(database, List.of(SEGMENTS, MANIFESTS));
    }

    long count(byte[] prefix) {
        long sum = 0;
        for (String query : queries) {
            try (PreparedStatement statement = database.prepareStatement(query)) {
                statement.setBytes(1, prefix);
                statement.setBytes(2, prefix);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    sum += row.getLong(1);
                }
            } catch (SQLException failure) {
                throw new DatabaseAway(failure);
            }
        }
        return sum;
    }

    /** No count, so nothing is destroyed. */
    static final class DatabaseAway extends RuntimeException {

        private static final long serialVersionUID = 1L;

        DatabaseAway(SQLException cause) {
            super(cause);
        }
    }
}
