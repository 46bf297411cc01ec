package org.messengerp2p.auth.secret;

import com.google.crypto.tink.prf.PrfSet;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Refuses to start on a database that was written with other secrets: with another pepper or salt no password would
 * ever be right again, and nobody would see why. Blocking, at start, by the connection that migrations use.
 */
@Singleton
class SecretMarks {
    private static final byte[] CONSTANT = "mp2p secret mark".getBytes(StandardCharsets.US_ASCII);
    private static final int MARK_LENGTH = 32;

    private final ServerSecrets secrets;
    private final DataSource database;

    SecretMarks(ServerSecrets secrets, @io.quarkus.agroal.DataSource("auth") DataSource database) {
        this.secrets = secrets;
        this.database = database;
    }

    void check(@Observes StartupEvent event) throws SQLException {
        try (Connection connection = database.getConnection()) {
            for (Map.Entry<String, PrfSet> secret : secrets.lasting().entrySet()) {
                compare(connection, secret.getKey(), secret.getValue());
                leave(connection, secret.getKey(), secret.getValue());
            }
        }
    }

    private static void compare(Connection connection, String purpose, PrfSet prf) throws SQLException {
        try (PreparedStatement marks =
                connection.prepareStatement("select key_id, mark from secret_mark where purpose = ?")) {
            marks.setString(1, purpose);
            ResultSet rows = marks.executeQuery();
            while (rows.next()) {
                int keyId = rows.getInt(1);
                if (!ServerSecrets.keyIds(prf).contains(keyId)
                        || !MessageDigest.isEqual(mark(prf, keyId), rows.getBytes(2))) {
                    throw new IllegalStateException("the " + purpose
                            + " secret is not the one this database was written with; restore its file");
                }
            }
        }
    }

    private static void leave(Connection connection, String purpose, PrfSet prf) throws SQLException {
        try (PreparedStatement leave = connection.prepareStatement(
                "insert into secret_mark (purpose, key_id, mark) values (?, ?, ?) on conflict do nothing")) {
            for (int keyId : ServerSecrets.keyIds(prf)) {
                leave.setString(1, purpose);
                leave.setInt(2, keyId);
                leave.setBytes(3, mark(prf, keyId));
                leave.executeUpdate();
            }
        }
    }

    private static byte[] mark(PrfSet prf, int keyId) {
        return ServerSecrets.compute(prf, keyId, CONSTANT, MARK_LENGTH);
    }
}
