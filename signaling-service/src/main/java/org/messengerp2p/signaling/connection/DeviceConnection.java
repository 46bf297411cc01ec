package org.messengerp2p.signaling.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.WebSocketConnection;
import io.vertx.core.buffer.Buffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.SignalingSettings;

/**
 * The live connection of one device. Any thread may call it; frames are written on the connection's own event loop,
 * in the order in which that loop gets to them. Nothing here waits for the peer: a frame is either within the
 * {@link SendBudget} or refused at once, so a peer that does not read costs at most that budget.
 */
public final class DeviceConnection {

    private static final Runnable ENDS = () -> {};

    private static final ChannelFutureListener NOTHING = outcome -> {};

    /** Of these parts of what waits a reader gets through one in the time it has. */
    private static final int PARTS = 4;

    private final Device device;
    private final WebSocketConnection socket;
    private final ChannelHandlerContext network;
    private final SignalingSettings settings;
    private final MessageWriter writer;
    private final Drops drops;
    private final SendBudget budget;
    private final HeardDevices heard;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final MailHint mailHint = new MailHint();

    /** Null while next to nothing waits. */
    private final AtomicReference<Period> period = new AtomicReference<>();

    private final AtomicReference<Runnable> whenClosing = new AtomicReference<>();
    private final CountDownLatch left = new CountDownLatch(1);
    private final Runnable flush = this::flush;

    /** Used on the event loop alone. */
    private boolean flushes;

    DeviceConnection(
            Device device,
            WebSocketConnection socket,
            ChannelHandlerContext network,
            SignalingSettings settings,
            MessageWriter writer,
            MemoryShare unsent,
            Drops drops) {
        this.device = device;
        this.socket = socket;
        this.network = network;
        this.settings = settings;
        this.writer = writer;
        this.drops = drops;
        this.budget = new SendBudget(settings.sendQueue().asLongValue(), unsent);
        this.heard = new HeardDevices(settings.limits().heardDevices());
    }

    public Device device() {
        return device;
    }

    /**
     * Passes on a frame of another device.
     *
     * @return false if this connection cannot take it now; the frame is then dropped and its sender must be told
     */
    public boolean pass(Buffer frame) {
        if (!takeRoom(frame.length())) {
            return false;
        }
        write(frame);
        return true;
    }

    /** As {@link #pass}, and remembers that this connection was handed something by {@code sender}. */
    public boolean hand(Device sender, Buffer frame) {
        if (!takeRoom(frame.length())) {
            return false;
        }
        heard.add(sender);
        write(frame);
        return true;
    }

    /**
     * As {@link #hand(Device, Buffer)}.
     *
     * @param frame asked for at once, where there is room for its length
     */
    public boolean hand(Device sender, int length, Supplier<byte[]> frame) {
        if (!takeRoom(length)) {
            return false;
        }
        heard.add(sender);
        write(Unpooled.wrappedBuffer(frame.get()));
        return true;
    }

    /** Whether this connection was handed a frame by {@code sender}, as far as it remembers. */
    public boolean heardFrom(Device sender) {
        return heard.contains(sender);
    }

    /** Sends a frame of the server's own. What cannot be told cannot be left out either: over budget, it ends. */
    public void send(Buffer frame) {
        if (admit(frame.length())) {
            write(frame);
        }
    }

    /** As {@link #send(Buffer)}. */
    public void send(ServerMessage message) {
        byte[] text = writer.write(message);
        if (admit(text.length)) {
            write(text, NOTHING);
        }
    }

    /** As {@link #send(Buffer)}, because of a frame that this peer sent. */
    public void answer(Buffer frame) {
        if (admitAnswer(frame.length())) {
            write(frame);
        }
    }

    /** As {@link #answer(Buffer)}. */
    public void answer(ServerMessage message) {
        byte[] text = writer.write(message);
        if (admitAnswer(text.length)) {
            write(text, NOTHING);
        }
    }

    /**
     * Says that envelopes wait.
     *
     * @param left runs when that has left; of several that become one, that of the first
     */
    public void hintMail(Runnable left) {
        if (mailHint.wanted(left)) {
            sendMailHint(left);
        }
    }

    /** Runs {@code task} on the event loop of this connection; at once if that is the caller's. */
    public void execute(Runnable task) {
        EventExecutor loop = network.executor();
        if (loop.inEventLoop()) {
            task.run();
        } else if (!loop.isShuttingDown()) {
            loop.execute(task);
        }
    }

    /** Runs {@code task} on the event loop of this connection after a time. */
    public ScheduledFuture<?> schedule(Runnable task, long delayMillis) {
        return network.executor().schedule(task, Math.max(0, delayMillis), TimeUnit.MILLISECONDS);
    }

    /**
     * Called once.
     *
     * @param action runs once, on the event loop, when this connection begins to end, whoever ends it; at once if it
     *     has begun to
     */
    public void whenClosing(Runnable action) {
        Runnable leave = () -> {
            action.run();
            left.countDown();
        };
        if (!whenClosing.compareAndSet(null, leave)) {
            execute(leave);
        }
    }

    /** True from the moment anybody ends this connection; nothing it sends counts any more. */
    public boolean isClosing() {
        return closing.get();
    }

    public void close(CloseCode code) {
        close(code, (String) null);
    }

    /** Says why, and cuts the connection if the peer does not answer in time. */
    public void close(CloseCode code, String reason) {
        if (closing.compareAndSet(false, true)) {
            end(code, reason);
        }
    }

    /** What came was of the wrong form. */
    public void closeAsMalformed() {
        close(CloseCode.MALFORMED, Dropped.MALFORMED);
    }

    /** There is no memory for the rest of a message, or it does not come. */
    public void closeForUnendedMessage(Dropped reason) {
        close(CloseCode.NO_MEMORY, reason);
    }

    /** The connection has ended by the peer or the network. */
    public void closed() {
        if (closing.compareAndSet(false, true)) {
            execute(this::beginEnd);
        }
    }

    /**
     * Waits for the end of the network connection and of what {@link #whenClosing} runs, which comes after it where the
     * peer ends it; never on an event loop.
     */
    public boolean goneWithin(long time, TimeUnit unit) throws InterruptedException {
        long until = System.nanoTime() + unit.toNanos(time);
        return network.channel().closeFuture().await(time, unit)
                && left.await(until - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    /** Counted before it is told. */
    private void close(CloseCode code, Dropped dropped) {
        if (closing.compareAndSet(false, true)) {
            drops.count(dropped);
            end(code, null);
        }
    }

    private void end(CloseCode code, String reason) {
        execute(() -> {
            beginEnd();
            sayGoodbye(code, reason);
        });
    }

    private void beginEnd() {
        Runnable action = whenClosing.getAndSet(ENDS);
        if (action != null) {
            action.run();
        }
    }

    private void sayGoodbye(CloseCode code, String reason) {
        if (socket.isClosed()) {
            return;
        }
        // The close frame waits behind what a slow reader has not read, so the cut cannot wait for it.
        schedule(network::close, settings.closeGrace().toMillis());
        socket.close(new CloseReason(code.code(), reason)).subscribe().with(done -> {}, gone -> {});
    }

    private void sendMailHint(Runnable left) {
        byte[] text = writer.write(new ServerMessage.Mail());
        if (admit(text.length)) {
            write(text, outcome -> {
                if (outcome.isSuccess()) {
                    left.run();
                }
                mailHintLeft();
            });
        }
    }

    private void mailHintLeft() {
        mailHint.left().ifPresent(this::sendMailHint);
    }

    private boolean takeRoom(int length) {
        if (closing.get()) {
            return false;
        }
        SendBudget.Room room = budget.takeForOthers(length);
        if (room != SendBudget.Room.TAKEN) {
            onRefusal(room);
            return false;
        }
        judgeIfSomethingWaits();
        return true;
    }

    private boolean admit(int length) {
        return !closing.get() && isAdmitted(budget.takeForServer(length));
    }

    private boolean admitAnswer(int length) {
        return !closing.get() && isAdmitted(budget.takeForAnswer(length));
    }

    private boolean isAdmitted(SendBudget.Room room) {
        if (room != SendBudget.Room.TAKEN) {
            close(CloseCode.SLOW_READER, Dropped.SLOW_READER);
            return false;
        }
        judgeIfSomethingWaits();
        return true;
    }

    private void write(byte[] text, ChannelFutureListener then) {
        execute(() -> write(new TextWebSocketFrame(Unpooled.wrappedBuffer(text)), text.length, then));
    }

    @SuppressWarnings("deprecation") // What Vert.x 5 has in its place is not there yet.
    private void write(Buffer frame) {
        write(frame.getByteBuf());
    }

    private void write(ByteBuf frame) {
        int length = frame.readableBytes();
        if (network.executor().inEventLoop()) {
            write(new BinaryWebSocketFrame(frame), length, NOTHING);
        } else {
            execute(() -> write(new BinaryWebSocketFrame(frame), length, NOTHING));
        }
    }

    /** On the event loop, past Quarkus and Vert.x (docs/adr/0052), so that all frames keep their order. */
    private void write(WebSocketFrame frame, int length, ChannelFutureListener then) {
        ChannelFuture written;
        if (socket.isClosed()) {
            // Nothing may follow a close frame (RFC 6455 §5.5.1).
            frame.release();
            written = network.newFailedFuture(new ClosedChannelException());
        } else {
            written = network.write(frame);
            flushSoon();
        }
        written.addListener(outcome -> onLeft(length)).addListener(then);
    }

    /** What is written at one moment goes out together. */
    private void flushSoon() {
        if (!flushes) {
            flushes = true;
            network.executor().execute(flush);
        }
    }

    private void flush() {
        flushes = false;
        network.flush();
    }

    private void onLeft(int length) {
        budget.giveBack(length);
    }

    /**
     * Where all of the memory is taken there is no time for a socket that holds more than a little. Where that of its
     * address is, its neighbours alone wait, and it has the time that every reader has.
     */
    private void onRefusal(SendBudget.Room room) {
        drops.count(
                switch (room) {
                    case QUEUE_FULL -> Dropped.QUEUE_FULL;
                    case ADDRESS_FULL -> Dropped.ADDRESS_FULL;
                    default -> Dropped.MEMORY_FULL;
                });
        if (room == SendBudget.Room.MEMORY_FULL && budget.held() > budget.little()) {
            close(CloseCode.SLOW_READER, Dropped.SLOW_READER);
        }
    }

    /**
     * A time at whose end a reader is judged.
     *
     * @param enough what must have left by then
     * @param much whether much waited at its begin
     * @param inTheWay whether it took part in filling the memory then
     */
    private record Period(long enough, boolean much, boolean inTheWay) {}

    /** What comes once much waits has a period of its own: of a little, a reader need not have got through anything. */
    private void judgeIfSomethingWaits() {
        long held = budget.held();
        if (held > SendBudget.NEXT_TO_NOTHING) {
            Period now = period.get();
            if (now == null || !now.much() && held > budget.little()) {
                judgeLater(now, held);
            }
        }
    }

    /**
     * As long as much waits for it, or anything while the memory of all fills up, a reader must get through a part of that
     * each time, whether anybody sends it more or not: what it holds is taken from all.
     */
    private void judgeLater(Period before, long held) {
        Period next = new Period(budget.left() + held / PARTS, held > budget.little(), budget.isInTheWay());
        if (period.compareAndSet(before, next)) {
            schedule(() -> judgeReader(next), settings.slowReaderPatience().toMillis());
        }
    }

    private void judgeReader(Period over) {
        if (period.get() != over) {
            // Much has come since, and has the time from then on.
            return;
        }
        long held = budget.held();
        if (held <= SendBudget.NEXT_TO_NOTHING) {
            if (period.compareAndSet(over, null)) {
                // More may have come before that was seen.
                judgeIfSomethingWaits();
            }
        } else if (budget.left() < over.enough() && isStill(over, held)) {
            close(CloseCode.SLOW_READER, Dropped.SLOW_READER);
        } else {
            judgeLater(over, held);
        }
    }

    private boolean isStill(Period over, long held) {
        return over.much() && held > budget.little() || over.inTheWay() && budget.isInTheWay();
    }
}
