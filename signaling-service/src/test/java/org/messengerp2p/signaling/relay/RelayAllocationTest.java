package org.messengerp2p.signaling.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.Frames;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.signaling.SignalingSettings;
import org.messengerp2p.signaling.connection.Connections;
import org.messengerp2p.signaling.connection.DeviceConnection;
import org.messengerp2p.signaling.presence.Presence;

/**
 * What one relayed frame allocates, from {@link Relay#accept} to the receiver's network, compared with the file that is
 * checked in; more than it, or a tenth less, fails. {@code -Dallocation.update=true} writes the file for the JDK that
 * runs. Tests run without the optimising compiler, which would leave some of these objects out, so the numbers are
 * those of the code as it is written, and the same in each run.
 */
@QuarkusTest
@TestProfile(RelayAllocationTest.WithoutLimits.class)
class RelayAllocationTest extends LiveSocketTest {

    private static final Path FILE = Path.of("src", "test", "resources", "relay-allocation.json");
    private static final int FRAMES = 10_000;
    private static final int ROUNDS = 5;

    /** What other threads allocate meanwhile, for each frame. */
    private static final double NOISE = 0.3;

    private final EmbeddedChannel network = new EmbeddedChannel();
    private final Device alice = newDevice();
    private final Device bob = LiveSocketTest.deviceOf(alice.account());
    private int sent;

    @Inject
    Relay relay;

    @Inject
    Presence presence;

    @Inject
    Connections connections;

    @Inject
    SignalingSettings settings;

    private DeviceConnection sender;
    private DeviceConnection receiver;
    private SenderRates rates;

    public static class WithoutLimits implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp2p.signaling.limits.relay-per-second", "100000000",
                    "mp2p.signaling.limits.relay-per-pair-per-second", "100000000");
        }
    }

    /** What a frame costs. */
    private record Cost(long bytes, long objects) {

        static Cost of(JsonObject row) {
            return new Cost(row.getLong("bytes"), row.getLong("objects"));
        }

        JsonObject row() {
            return new JsonObject().put("bytes", bytes).put("objects", objects);
        }
    }

    @BeforeEach
    void connect() {
        network.pipeline().addLast(new IdleNetwork()).addLast("last", new ChannelInboundHandlerAdapter());
        sender = connection(alice);
        receiver = connection(bob);
        presence.join(receiver);
        presence.join(sender);
        rates = new SenderRates(SenderLimits.of(settings.limits()));
    }

    @AfterEach
    void end() {
        sender.closed();
        receiver.closed();
        network.finishAndReleaseAll();
    }

    @Test
    void aRelayedFrameAllocatesWhatTheFileSays() throws Exception {
        Cost measured = new Cost(bytesPerFrame(), objectsPerFrame());
        String jdk = String.valueOf(Runtime.version().feature());
        JsonObject file = new JsonObject(Files.readString(FILE));
        if (Boolean.getBoolean("allocation.update")) {
            Files.writeString(FILE, file.put(jdk, measured.row()).encodePrettily() + System.lineSeparator());
            return;
        }

        Cost expected = Cost.of(file.getJsonObject(jdk, file.getJsonObject("17")));
        assertNear(expected.bytes(), measured.bytes(), "bytes");
        assertNear(expected.objects(), measured.objects(), "objects");
    }

    private static void assertNear(long expected, long measured, String what) {
        assertTrue(
                measured <= expected * 1.02 && measured >= expected * 0.9,
                "%d %s a frame, the file says %d".formatted(measured, what, expected));
    }

    private long bytesPerFrame() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            ByteBuf[] frames = frames();
            long before = threads.getCurrentThreadAllocatedBytes();
            relayAll(frames);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return Math.round((double) least / FRAMES);
    }

    /** By the heap's histogram, dead objects among them, around rounds in which nothing was collected. */
    private long objectsPerFrame() throws JMException {
        double least = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS || least == Double.MAX_VALUE; round++) {
            ByteBuf[] frames = frames();
            System.gc();
            long collections = collections();
            long idle = objects();
            long before = objects();
            relayAll(frames);
            long after = objects();
            if (collections() == collections) {
                // What looking costs is left out.
                least = Math.min(least, (double) (after - before - (before - idle)) / FRAMES);
            }
        }
        return Math.round(least - NOISE);
    }

    private void relayAll(ByteBuf[] frames) {
        sent = 0;
        for (ByteBuf frame : frames) {
            relay.accept(sender, rates, frame);
        }
        assertEquals(FRAMES, sent);
    }

    private ByteBuf[] frames() {
        return IntStream.range(0, FRAMES)
                .mapToObj(ref -> Frames.relay(bob, ref, Buffer.buffer(new byte[100])))
                .map(frame -> Unpooled.wrappedBuffer(frame.getBytes()))
                .toArray(ByteBuf[]::new);
    }

    private static long objects() throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[] {"-all"}},
                        new String[] {String[].class.getName()});
        String total = histogram.substring(histogram.lastIndexOf("Total"));
        return Long.parseLong(total.split("\\s+")[1]);
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    private DeviceConnection connection(Device device) {
        return connections.of(device, socket(), network.pipeline().context("last"), connections.shareOfOneAddress());
    }

    /** Takes each frame at once. */
    private final class IdleNetwork extends ChannelOutboundHandlerAdapter {

        @Override
        public void write(ChannelHandlerContext context, Object frame, ChannelPromise taken) {
            sent++;
            ReferenceCountUtil.release(frame);
            taken.setSuccess();
        }
    }

    private WebSocketConnection socket() {
        Uni<Void> done = Uni.createFrom().voidItem();
        return (WebSocketConnection) Proxy.newProxyInstance(
                WebSocketConnection.class.getClassLoader(),
                new Class<?>[] {WebSocketConnection.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "close" -> done;
                    case "isClosed" -> false;
                    case "hashCode" -> System.identityHashCode(self);
                    case "equals" -> self == arguments[0];
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
