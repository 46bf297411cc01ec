package org.messengerp2p.bench.relayfloor;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.process.Child;
import org.messengerp2p.bench.process.Jvm;
import org.messengerp2p.bench.process.Processes;
import org.messengerp2p.bench.relay.Entrance;
import org.messengerp2p.bench.relay.RelayClient;
import org.messengerp2p.bench.relay.RelayServer;
import org.messengerp2p.bench.relay.Sockets;

/** One of the two, running. */
public final class RelayFloor implements RelayServer {

    private final Child server;
    private final int port;

    private RelayFloor(Child server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * @param application the {@code quarkus-app} directory of {@code bench/relay-floor}
     * @param further settings of Quarkus
     */
    public static RelayFloor start(Path directory, Path application, Map<String, String> further)
            throws InterruptedException {
        int port = Child.freePort();
        Map<String, String> settings = new HashMap<>(further);
        settings.put("quarkus.http.port", String.valueOf(port));
        return start(Jvm.runningJar(application.resolve("quarkus-run.jar"), settings), directory, port);
    }

    public static RelayFloor startBare(Path directory) throws InterruptedException {
        int port = Child.freePort();
        return start(Jvm.runningClass(BareRelay.class, List.of(String.valueOf(port))), directory, port);
    }

    private static RelayFloor start(List<String> command, Path directory, int port) throws InterruptedException {
        Child server = Child.start(command, Map.of(), directory.resolve("relay-floor.log"));
        return new RelayFloor(server.awaitPort(port), port);
    }

    @Override
    public Processes processes() {
        return Processes.ofService(server.pid());
    }

    @Override
    public List<Long> virtualMachines() {
        return List.of(server.pid());
    }

    @Override
    public void prepare(int count) {
        // a user is a number here
    }

    @Override
    public Entrance entrance() {
        return Entrance.local(port, false);
    }

    @Override
    public RelayClient client(Generator generator, Entrance entrance) {
        return new RelayFloorClient(new Sockets(generator.vertx(), entrance));
    }

    @Override
    public void close() {
        server.close();
    }
}
