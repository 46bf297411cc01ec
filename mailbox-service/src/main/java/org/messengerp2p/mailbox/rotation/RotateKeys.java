package org.messengerp2p.mailbox.rotation;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.messengerp2p.kit.secret.KeysetRotation;

/**
 * {@code rotate-keys <envelopes|archive> <status|add|promote|retire>}: gives a keyset of mailbox-service new keys, one
 * step a call, while the service runs. What cannot be done is one sentence on standard error and status 1.
 */
public final class RotateKeys {

    private static final String USAGE = "usage: rotate-keys <envelopes|archive> <status|add|promote|retire>";

    private final Path envelopes;
    private final Database database;
    private final Clock clock;
    private final PrintStream out;

    /** The service's database; asked only where rows have to be counted. */
    @FunctionalInterface
    public interface Database {
        Connection connect() throws SQLException;
    }

    /** @param envelopes the keyset of the envelopes, beside which that of the archive lies */
    public RotateKeys(Path envelopes, Database database, Clock clock, PrintStream out) {
        this.envelopes = envelopes;
        this.database = database;
        this.clock = clock;
        this.out = out;
    }

    /** Takes keyset and database from the environment of the service's container. */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        Path keyset = Path.of(environment.getOrDefault("MP2P_MAILBOX_KEYSET", "data/secrets/mailbox/envelopes.json"));
        RotateKeys command = new RotateKeys(keyset, () -> connect(environment), Clock.systemUTC(), System.out);
        System.exit(command.run(System.err, arguments));
    }

    /** @return the exit status */
    public int run(PrintStream refusals, String... arguments) {
        if (arguments.length != 2 || !arguments[0].matches("envelopes|archive")) {
            refusals.println(USAGE);
            return 2;
        }
        try {
            return run(refusals, arguments[0], arguments[1]);
        } catch (KeysetRotation.Refused refused) {
            refusals.println("rotate-keys: " + refused.getMessage());
        } catch (SQLException | SealedRows.DatabaseAway away) {
            refusals.println("rotate-keys: The database cannot be asked what is sealed; nothing was changed.");
        } catch (IllegalStateException | UncheckedIOException | IOException | GeneralSecurityException unusable) {
            refusals.println("rotate-keys: The keyset cannot be used (" + unusable.getMessage() + ").");
        }
        return 1;
    }

    private int run(PrintStream refusals, String name, String step)
            throws SQLException, IOException, GeneralSecurityException {
        Path file = name.equals("archive") ? envelopes.resolveSibling("archive.json") : envelopes;
        KeysetRotation rotation = new KeysetRotation(file, clock);
        switch (step) {
            case "status" -> tell(name, rotation);
            case "add" -> {
                rotation.add();
                out.println("A key was added. In two minutes: rotate-keys " + name + " promote");
            }
            case "promote" -> {
                rotation.promote();
                out.println("The new key seals within a minute. When nothing is left of the old one: rotate-keys "
                        + name + " retire");
            }
            case "retire" -> {
                try (Connection connection = database.connect()) {
                    rotation.retire(rows(name, connection)::count);
                }
                out.println("The old keys are destroyed.");
            }
            default -> {
                refusals.println(USAGE);
                return 2;
            }
        }
        return 0;
    }

    private void tell(String name, KeysetRotation rotation) throws SQLException {
        try (Connection connection = database.connect()) {
            SealedRows rows = rows(name, connection);
            for (KeysetRotation.Key key : rotation.keys()) {
                out.printf("%-8s %d rows%n", key.state().name().toLowerCase(Locale.ROOT), rows.count(key.prefix()));
            }
        }
        rotation.wait(clock.instant())
                .ifPresent(left -> out.println("The next step can come in " + (left.toSeconds() + 1) + " s."));
    }

    private static SealedRows rows(String name, Connection connection) {
        return name.equals("archive") ? SealedRows.ofArchive(connection) : SealedRows.ofEnvelopes(connection);
    }

    private static Connection connect(Map<String, String> environment) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", environment.getOrDefault("QUARKUS_DATASOURCE_MAILBOX_USERNAME", "mailbox"));
        properties.setProperty("password", password(environment));
        return DriverManager.getConnection(
                environment.getOrDefault("QUARKUS_DATASOURCE_MAILBOX_JDBC_URL", "jdbc:postgresql://127.0.0.1/mailbox"),
                properties);
    }

    /** As the service reads it: from the folder of its settings, one file a setting, or from the environment. */
    private static String password(Map<String, String> environment) {
        String folder = environment.get("SMALLRYE_CONFIG_SOURCE_FILE_LOCATIONS");
        if (folder == null) {
            return environment.getOrDefault("QUARKUS_DATASOURCE_MAILBOX_PASSWORD", "");
        }
        try {
            return Files.readString(Path.of(folder).resolve("quarkus.datasource.mailbox.password"))
                    .strip();
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }
}
