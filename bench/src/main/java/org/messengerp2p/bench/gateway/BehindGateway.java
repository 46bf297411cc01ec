package org.messengerp2p.bench.gateway;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.process.Processes;
import org.messengerp2p.bench.relay.Entrance;
import org.messengerp2p.bench.relay.RelayClient;
import org.messengerp2p.bench.relay.RelayServer;

/** A server that is reached through the gateway alone. */
public record BehindGateway(RelayServer server, Gateway gateway) implements RelayServer {

    /** @param deploy that folder of a checkout */
    public static BehindGateway start(Path deploy, Path directory, RelayServer server)
            throws IOException, InterruptedException {
        try {
            return new BehindGateway(
                    server, Gateway.start(deploy, directory, server.entrance().port()));
        } catch (IOException | RuntimeException | InterruptedException failure) {
            server.close();
            throw failure;
        }
    }

    @Override
    public Processes processes() {
        return server.processes().behind(gateway.pid());
    }

    @Override
    public List<Long> virtualMachines() {
        return server.virtualMachines();
    }

    @Override
    public void prepare(int count) throws InterruptedException {
        server.prepare(count);
    }

    @Override
    public Entrance entrance() {
        return gateway.entrance();
    }

    @Override
    public RelayClient client(Generator generator, Entrance entrance) {
        return server.client(generator, entrance);
    }

    @Override
    public void close() {
        gateway.close();
        server.close();
    }
}
