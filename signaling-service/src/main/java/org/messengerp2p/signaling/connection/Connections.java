package org.messengerp2p.signaling.connection;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelHandlerContext;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.websockets.next.WebSocketConnection;
import jakarta.enterprise.context.ApplicationScoped;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.SignalingSettings;

/** Makes connections, which share the memory for what they have not sent. */
@Startup
@ApplicationScoped
public class Connections {

    private final SignalingSettings settings;
    private final MessageWriter writer;
    private final Drops drops;
    private final MemoryShare unsent;

    Connections(SignalingSettings settings, MessageWriter writer, Drops drops, MeterRegistry meters) {
        this.settings = settings;
        this.writer = writer;
        this.drops = drops;
        // Two sockets that hold all they may never shut out the others.
        this.unsent = new MemoryShare(Math.max(
                2 * settings.sendQueue().asLongValue(),
                settings.sendMemory().map(MemorySize::asLongValue).orElse(MemoryShare.ofTheProcess() / 4)));
        Gauge.builder("mp2p.signaling.unsent", unsent, MemoryShare::held)
                .description("Memory that frames hold which were not sent yet")
                .baseUnit("bytes")
                .register(meters);
    }

    /** Least that {@link SignalingSettings#sendQueue} may be, so that each frame passes where nothing else waits. */
    public static long leastSendQueue(int maxFrame) {
        return SendBudget.leastFor(maxFrame);
    }

    /** Memory for what the sockets from one address have not sent. */
    public MemoryShare shareOfOneAddress() {
        return unsent.part(2 * settings.sendQueue().asLongValue());
    }

    /**
     * @param network the connection under {@code socket}, below Vert.x; cut where the peer does not answer a close
     * @param unsent the share of its address
     */
    public DeviceConnection of(
            Device device, WebSocketConnection socket, ChannelHandlerContext network, MemoryShare unsent) {
        return new DeviceConnection(device, socket, network, settings, writer, unsent, drops);
    }
}
