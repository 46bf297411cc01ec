package org.messengerp2p.standalone.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import org.messengerp2p.standalone.data.DataDirectory;

/** A JVM that starts the database of a data directory, commits row after row and says each after its commit. */
final class CommittingProcess {

    private final Process process;
    private final BufferedReader said;

    private CommittingProcess(Process process) {
        this.process = process;
        this.said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    static CommittingProcess start(Path data, int firstRow) throws IOException {
        return new CommittingProcess(new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CommittingProcess.class.getName(),
                        data.toString(),
                        Integer.toString(firstRow))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Waits until this many further rows are committed. */
    int committed(int rows) throws IOException {
        int last = 0;
        for (int row = 0; row < rows; row++) {
            String line = said.readLine();
            if (line == null) {
                throw new IllegalStateException("the process ended");
            }
            last = Integer.parseInt(line);
        }
        return last;
    }

    /** SIGKILL, then what it had still said: the last row that was committed for certain. */
    int kill(int lastKnown) throws IOException, InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
        int last = lastKnown;
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            last = Integer.parseInt(line);
        }
        return last;
    }

    @SuppressWarnings("InfiniteLoopStatement")
    public static void main(String... arguments) throws Exception {
        EmbeddedPostgres server = EmbeddedPostgres.start(DataDirectory.open(Path.of(arguments[0])));
        try (Connection session = server.connect("postgres")) {
            try (Statement table = session.createStatement()) {
                table.execute("create table if not exists kept (id int primary key)");
            }
            try (PreparedStatement insert = session.prepareStatement("insert into kept values (?)")) {
                for (int row = Integer.parseInt(arguments[1]); ; row++) {
                    insert.setInt(1, row);
                    insert.execute();
                    System.out.println(row);
                }
            }
        }
    }
}
