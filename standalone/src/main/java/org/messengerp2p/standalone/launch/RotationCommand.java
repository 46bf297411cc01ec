package org.messengerp2p.standalone.launch;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.messengerp2p.kit.secret.SecretFile;
import org.messengerp2p.mailbox.rotation.RotateKeys;
import org.messengerp2p.standalone.CannotStart;

/**
 * {@code ./messenger rotate-keys}: new keys for what lies in the data directory, beside the process that runs there. Only
 * the keyset's file is written; the lock of the directory stays with that process.
 */
public final class RotationCommand {

    /** Line of {@code postmaster.pid} that holds the port, from 0. */
    private static final int PORT_LINE = 3;

    private RotationCommand() {}

    public static void main(String... arguments) {
        System.exit(run(System.getenv(), System.out, System.err, arguments));
    }

    /** @return the exit status */
    static int run(Map<String, String> environment, PrintStream out, PrintStream refusals, String... arguments) {
        try {
            Path data = LaunchSettings.of(environment).data();
            Path keyset = data.resolve("secrets/mailbox/envelopes.json");
            return new RotateKeys(keyset, () -> connect(data), Clock.systemUTC(), out).run(refusals, arguments);
        } catch (CannotStart reason) {
            refusals.println("rotate-keys: " + reason.getMessage());
            return 1;
        }
    }

    private static Connection connect(Path data) throws SQLException {
        String password = new SecretFile(data.resolve("secrets/database-mailbox")).read();
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port(data) + "/mailbox", "mailbox", password);
    }

    private static int port(Path data) throws SQLException {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postgres/data/postmaster.pid"));
            return Integer.parseInt(lines.get(PORT_LINE).strip());
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException notRunning) {
            throw new SQLException("the database does not run", notRunning);
        }
    }
}
