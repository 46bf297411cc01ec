package org.messengerp2p.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * A Citus cluster that tests run on instead of one PostgreSQL: the system property {@code test.citus} is the address of
 * its coordinator, {@code postgresql://user:password@host:port/database}. {@code deploy/test/citus.sh} sets it.
 */
public final class Citus {

    private static final Path DISTRIBUTE = Path.of("../deploy/citus/distribute.sql");

    private Citus() {}

    static Optional<URI> coordinator() {
        return Optional.ofNullable(System.getProperty("test.citus")).map(URI::create);
    }

    /** A query for the number of those who wait for a lock, at whichever node. */
    public static String lockWaits() {
        return coordinator().isPresent()
                ? "select count(*)::text from citus_lock_waits"
                : "select count(*)::text from pg_locks where not granted";
    }

    /** Spreads the tables that are there over the nodes, as an operator does; does nothing without a cluster. */
    public static void distribute(Connection connection) {
        if (coordinator().isEmpty()) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(Files.readString(DISTRIBUTE));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
