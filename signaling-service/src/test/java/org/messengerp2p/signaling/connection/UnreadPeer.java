package org.messengerp2p.signaling.connection;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.signaling.SignalingSettings;

/** A connection whose peer reads a frame when it is told to, in a time that passes when it is told to. */
public final class UnreadPeer {

    private final Deque<Consumer<Boolean>> unread = new ArrayDeque<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(new Unread(), new ChannelInboundHandlerAdapter());
    private final DeviceConnection connection;
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private int closeCode;
    private boolean closed;

    /** Of a device of its own, which shares the memory with nobody. */
    public static DeviceConnection connection() {
        return new UnreadPeer(new MemoryShare(Long.MAX_VALUE)).connection;
    }

    UnreadPeer(MemoryShare unsent) {
        channel.freezeTime();
        WebSocketConnection socket = (WebSocketConnection) Proxy.newProxyInstance(
                WebSocketConnection.class.getClassLoader(),
                new Class<?>[] {WebSocketConnection.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "isClosed" -> closed;
                    case "close" -> closed((CloseReason) arguments[0]);
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        this.connection = new DeviceConnection(
                new Device(
                        new AccountId(UUID.randomUUID()),
                        new DeviceId(ThreadLocalRandom.current().nextLong(1, 1L << 32))),
                socket,
                channel.pipeline().lastContext(),
                settings(),
                new MessageWriter(new ObjectMapper()),
                unsent,
                new Drops(meters));
    }

    /** The network, which takes a frame when it is read. */
    private final class Unread extends ChannelOutboundHandlerAdapter {

        @Override
        public void write(ChannelHandlerContext context, Object frame, ChannelPromise taken) {
            ReferenceCountUtil.release(frame);
            unread.add(read -> {
                if (read) {
                    taken.setSuccess();
                } else {
                    taken.setFailure(new ClosedChannelException());
                }
            });
        }
    }

    DeviceConnection open() {
        return connection;
    }

    /** Reads the frames that were sent first. */
    void read(int frames) {
        for (int i = 0; i < frames; i++) {
            unread.remove().accept(true);
        }
    }

    int unread() {
        return unread.size();
    }

    void pass(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    /** Says goodbye, so that nothing may be sent any more. */
    void close() {
        closed = true;
    }

    /** Ends the network connection; that is not told to anybody yet. */
    void end() {
        channel.close();
    }

    /** Ends with frames unread. */
    void cut() {
        unread.forEach(frame -> frame.accept(false));
        unread.clear();
    }

    /** 0 while none was sent. */
    int closeCode() {
        return closeCode;
    }

    /** Frames, or connections, that were counted by this reason. */
    double dropped(String reason) {
        return meters.get("mp2p.signaling.dropped")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private Uni<Void> closed(CloseReason reason) {
        closeCode = reason.getCode();
        return Uni.createFrom().voidItem();
    }

    private static SignalingSettings settings() {
        return new SmallRyeConfigBuilder()
                .withMapping(SignalingSettings.class)
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .build()
                .getConfigMapping(SignalingSettings.class);
    }
}
