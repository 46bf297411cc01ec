package org.messengerp2p.signaling.socket;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.messengerp2p.signaling.SignalingSettings;
import org.messengerp2p.signaling.connection.CloseCode;
import org.messengerp2p.signaling.connection.DeviceConnection;
import org.messengerp2p.signaling.presence.Presence;

/**
 * The end of the service as its devices see it: 1012 with the seconds over which to spread the return, said to some at
 * a time, so that those who answer for this service, and whoever watches its devices, are not met by all at once. The
 * other replicas are told that nobody is here any more. It begins with the shutdown delay, when readiness is down
 * already, since Quarkus closes every socket by 1000 before it fires its shutdown event.
 */
@ApplicationScoped
public class Drain {

    private static final Logger LOG = Logger.getLogger(Drain.class);
    private static final long BATCH_MILLIS = 100;

    /** What is cut waits for no peer, so the event loops need milliseconds, unless they are held up. */
    private static final Duration MOST_FOR_CUTS = Duration.ofSeconds(5);

    /** More than there are from the end of a channel to that of all callbacks about it. */
    private static final int TURNS = 5;

    private final Presence presence;
    private final OpenSockets sockets;
    private final SignalingSettings settings;
    private volatile boolean begun;

    Drain(Presence presence, OpenSockets sockets, SignalingSettings settings) {
        this.presence = presence;
        this.sockets = sockets;
        this.settings = settings;
    }

    /** From then on no new connection is let in. */
    boolean hasBegun() {
        return begun;
    }

    /** Tells one device that the service stops. */
    void sendAway(DeviceConnection connection) {
        connection.close(
                CloseCode.RESTART, Long.toString(settings.reconnectWindow().toSeconds()));
    }

    void stop(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
        begun = true;
        List<DeviceConnection> open = presence.all();
        closeInBatches(open, settings.drain().window().toMillis());
        awaitEnd(open);
        endTheRest();
        awaitTold();
    }

    private void closeInBatches(List<DeviceConnection> open, long windowMillis) throws InterruptedException {
        long batches = Math.max(1, Math.min(open.size(), windowMillis / BATCH_MILLIS));
        long begin = System.nanoTime();
        int closed = 0;
        for (long batch = 1; batch <= batches; batch++) {
            int upTo = (int) (open.size() * batch / batches);
            open.subList(closed, upTo).forEach(this::sendAway);
            closed = upTo;
            if (batch < batches) {
                awaitTime(begin + TimeUnit.MILLISECONDS.toNanos(windowMillis * batch / batches));
            }
        }
    }

    private static void awaitTime(long nanoTime) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanoTime - System.nanoTime());
    }

    /** Close frames must be on their way before the process ends, and what is to be told of the connections must be known. */
    private void awaitEnd(List<DeviceConnection> open) throws InterruptedException {
        long until = System.nanoTime() + settings.closeGrace().toNanos();
        for (DeviceConnection connection : open) {
            if (!connection.goneWithin(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return;
            }
        }
        // Others were let in before and came since. Each is sent away as it comes, and has left presence by that.
        for (Channel channel : sockets.channels()) {
            if (!channel.closeFuture().await(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return;
            }
        }
    }

    /**
     * Cuts who has not answered. What is done when a socket ends, by Quarkus and here, needs the container, which is
     * gone soon; it is done in turns of the event loop after that of the end.
     */
    private void endTheRest() throws InterruptedException {
        long until = System.nanoTime() + MOST_FOR_CUTS.toNanos();
        List<Channel> left = sockets.end();
        left.forEach(Channel::close);
        for (Channel channel : left) {
            channel.closeFuture().await(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        for (EventLoop loop : sockets.loops()) {
            for (int turn = 1; turn <= TURNS; turn++) {
                loop.submit(() -> {}).await(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        }
    }

    /** What is not taken back from the bus shows devices here that are not, until it ends by itself. */
    private void awaitTold() {
        boolean told = presence.told()
                .thenApply(all -> true)
                .toCompletableFuture()
                .completeOnTimeout(false, settings.closeGrace().toMillis(), TimeUnit.MILLISECONDS)
                .join();
        if (!told) {
            LOG.warn(
                    "The device bus does not answer: other replicas show devices of this one until that ends by itself.");
        }
    }
}
