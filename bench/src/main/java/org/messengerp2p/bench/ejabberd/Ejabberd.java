package org.messengerp2p.bench.ejabberd;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.messengerp2p.bench.database.BenchPostgres;
import org.messengerp2p.bench.load.Candidate;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.load.MailboxClient;
import org.messengerp2p.bench.process.Child;
import org.messengerp2p.bench.process.Processes;
import org.messengerp2p.bench.relay.Entrance;
import org.messengerp2p.bench.relay.Sockets;

/** ejabberd, running without anything that is not its mailbox: no archive, no shaper, no roster, plain passwords. */
public final class Ejabberd implements Candidate {

    private static final String DATABASE = "ejabberd";
    private static final int SENDERS = 20;

    /** By default its schedulers wait for work by spinning, which at low load is most of what it costs. */
    private static final List<String> NO_BUSY_WAIT = List.of("+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none");

    private final BenchPostgres postgres;
    private final Child server;
    private final Entrance entrance;
    private List<Integer> senders = List.of();

    private Ejabberd(BenchPostgres postgres, Child server, Entrance entrance) {
        this.postgres = postgres;
        this.server = server;
        this.entrance = entrance;
    }

    public static boolean isInstalled() {
        return Installation.find().isPresent();
    }

    public static Ejabberd start(BenchPostgres postgres, Path directory, Form form)
            throws IOException, InterruptedException {
        Installation installed = Installation.find().orElseThrow();
        postgres.createAnew(DATABASE);
        postgres.execute(DATABASE, Files.readString(installed.schema()));
        int port = Child.freePort();
        Optional<Path> certificate =
                form.tls() ? Optional.of(Certificate.write(directory.resolve("ejabberd.pem"))) : Optional.empty();
        Path configuration = Files.writeString(
                directory.resolve("ejabberd.yml"), Configuration.of(port, postgres.port(), DATABASE, certificate));
        Map<String, String> environment = Map.of(
                "EJABBERD_CONFIG_PATH", configuration.toString(),
                "EJABBERD_LOG_PATH", directory.resolve("ejabberd.log").toString(),
                "ERL_LIBS", installed.libraries().toString(),
                "ERL_CRASH_DUMP_BYTES", "0",
                "ERL_MAX_PORTS", "32000",
                "HOME", directory.toString());
        List<String> command = new ArrayList<>(List.of(installed.erlang().toString(), "+K", "true", "+P", "250000"));
        if (!form.busyWait()) {
            command.addAll(NO_BUSY_WAIT);
        }
        String tables = '"' + directory.resolve("mnesia").toString() + '"';
        command.addAll(List.of("-noinput", "-mnesia", "dir", tables, "-s", "ejabberd"));
        Child server = Child.start(command, environment, directory.resolve("erlang.log"));
        return new Ejabberd(postgres, server.awaitPort(port), Entrance.local(port, form.tls()));
    }

    @Override
    public boolean compilesWhileItRuns() {
        return false;
    }

    @Override
    public List<Long> processes() {
        return List.of(server.pid());
    }

    @Override
    public void prepare(int boxes) {
        postgres.execute(
                DATABASE,
                "insert into users (username, password) select 'u' || i, 'p' || i from generate_series(0, "
                        + (boxes + SENDERS - 1) + ") as i");
        senders = IntStream.range(boxes, boxes + SENDERS).boxed().toList();
    }

    @Override
    public MailboxClient client(Generator generator) throws InterruptedException {
        Sockets sockets = new Sockets(generator.vertx(), entrance);
        return generator.await(
                Duration.ofSeconds(60),
                () -> Future.all(senders.stream()
                                .map(user -> XmppSession.open(sockets, user))
                                .toList())
                        .map(all -> new XmppClient(sockets, all.list())));
    }

    Entrance entrance() {
        return entrance;
    }

    Processes withDatabase() {
        return new Processes(processes(), List.of(), List.of(postgres.pid()));
    }

    @Override
    public long waiting() {
        return postgres.number(DATABASE, "select count(*) from spool");
    }

    @Override
    public void close() {
        server.close();
    }
}
