package org.messengerp2p.auth.secret;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Refuses to start on a database that was written with other secrets: with another pepper or salt no password would
 * ever be right again, and nobody would see why; with another key of the log every client would warn. Blocking, at start, by the connection that migrations use.
 */
@Singleton
class SecretMarks {
    private final ServerSecrets secrets;
    private final DataSource database;

    SecretMarks(ServerSecrets secrets, @io.quarkus.agroal.DataSource("auth") DataSource database) {
        this.secrets = secrets;
        this.database = database;
    }

    void check(@Observes StartupEvent event) throws SQLException {
        try (Connection connection = database.getConnection()) {
            for (Map.Entry<String, Map<Integer, byte[]>> secret :
                    secrets.marks().entrySet()) {
                compare(connection, secret.getKey(), secret.getValue());
                leave(connection, secret.getKey(), secret.getValue());
            }
        }
    }

    private static void compare(Connection connection, String purpose, Map<Integer, byte[]> marks) throws SQLException {
        try (PreparedStatement written =
                connection.prepareStatement("select key_id, mark from secret_mark where purpose = ?")) {
            written.setString(1, purpose);
            ResultSet rows = written.executeQuery();
            while (rows.next()) {
                if (!MessageDigest.isEqual(marks.get(rows.getInt(1)), rows.getBytes(2))) {
                    throw new IllegalStateException("the " + purpose
                            + " secret is not the one this database was written with; restore its file");
                }
            }
        }
    }

    private static void leave(Connection connection, String purpose, Map<Integer, byte[]> marks) throws SQLException {
        try (PreparedStatement leave = connection.prepareStatement(
                "insert into secret_mark (purpose, key_id, mark) values (?, ?, ?) on conflict do nothing")) {
            for (Map.Entry<Integer, byte[]> mark : marks.entrySet()) {
                leave.setString(1, purpose);
                leave.setInt(2, mark.getKey());
                leave.setBytes(3, mark.getValue());
                leave.executeUpdate();
            }
        }
    }
}
