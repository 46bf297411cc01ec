package org.messengerp2p.bench.floor;

import io.vertx.core.Future;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.messengerp2p.bench.database.BenchPostgres;
import org.messengerp2p.bench.load.Candidate;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.load.MailboxClient;
import org.messengerp2p.bench.process.Child;
import org.messengerp2p.bench.process.Jvm;

/** {@link FloorServer}, running. */
public final class Floor implements Candidate {

    private static final String DATABASE = "floor";
    private static final int CONNECTIONS = 20;

    private final BenchPostgres postgres;
    private final Child server;
    private final int port;

    private Floor(BenchPostgres postgres, Child server, int port) {
        this.postgres = postgres;
        this.server = server;
        this.port = port;
    }

    public static Floor start(BenchPostgres postgres, Path directory, int lingerMillis) throws InterruptedException {
        postgres.createAnew(DATABASE);
        postgres.execute(DATABASE, FloorServer.TABLE);
        postgres.execute(DATABASE, FloorServer.INDEX);
        int port = Child.freePort();
        List<String> arguments =
                List.of(String.valueOf(port), String.valueOf(postgres.port()), DATABASE, String.valueOf(lingerMillis));
        Child server =
                Child.start(Jvm.runningClass(FloorServer.class, arguments), Map.of(), directory.resolve("floor.log"));
        return new Floor(postgres, server.awaitPort(port), port);
    }

    @Override
    public boolean compilesWhileItRuns() {
        return true;
    }

    @Override
    public List<Long> processes() {
        return List.of(server.pid());
    }

    @Override
    public void prepare(int boxes) {
        // a recipient is a number here
    }

    @Override
    public MailboxClient client(Generator generator) throws InterruptedException {
        WebSocketClient sockets = generator
                .vertx()
                .createWebSocketClient(new WebSocketClientOptions()
                        .setMaxConnections(CONNECTIONS)
                        .setMaxFrameSize(1 << 20)
                        .setMaxMessageSize(1 << 20));
        return generator.await(
                Duration.ofSeconds(20),
                () -> Future.all(IntStream.range(0, CONNECTIONS)
                                .mapToObj(connection -> sockets.connect(port, "127.0.0.1", "/"))
                                .toList())
                        .map(all -> new FloorClient(all.list())));
    }

    @Override
    public long waiting() {
        return postgres.number(DATABASE, "select count(*) from mailbox");
    }

    @Override
    public void close() {
        server.close();
    }
}
