package org.messengerp2p.kit.bus.valkey;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.impl.VertxInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.messengerp2p.kit.bus.BusSettings;

/**
 * Two connections to one Valkey: one for commands, pipelined, one that subscribes. They come and go together, so that
 * whoever is told of a subscription can ask for the state at once. Everything here runs on one event loop of its own.
 *
 * <p>The subscribing connection sends nothing but SUBSCRIBE and UNSUBSCRIBE: the client would take a message that
 * arrives meanwhile for the answer to any other command. That it lives is seen by a beat that goes out by the other.
 */
public final class ValkeyLink {

    /** What the bus on top of the connections is told, on their event loop. */
    interface Listener {

        /** Nothing is subscribed to yet. */
        void up();

        void down();

        void subscribed(String channel);

        void arrived(String channel, Buffer payload);
    }

    private static final Logger LOG = Logger.getLogger("org.messengerp2p.kit.bus");

    private static final long WATCH_MILLIS = 500;
    private static final int MOST_BEATS = 1024;
    private static final int CHANNELS_PER_COMMAND = 512;
    /** What a command without an answer holds beside its bytes, rounded up. */
    private static final int COMMAND_OVERHEAD = 512;

    /** What the log adds where there are several nodes. */
    private final String at;

    private final VertxInternal vertx;
    private final RedisOptions options;
    private final BusSettings settings;
    private final Context loop;
    private final CommandBudget budget;
    private final String beatChannel = "mp2p:beat:" + UUID.randomUUID();

    private Listener listener;
    private Redis client;
    private volatile RedisConnection commands;
    private RedisConnection subscriptions;
    private boolean known;
    private boolean ended;
    private int failures;
    private long connectedAt;
    /** When the beat came back last; before the first, when the try to connect began. */
    private long beatHeard;

    /**
     * @param name of the node
     * @param only whether there is no other, so that nobody has to be told which it is
     */
    ValkeyLink(
            Vertx vertx, RedisOptions options, String name, boolean only, BusSettings settings, MeterRegistry meters) {
        this.at = only ? "" : " at " + name;
        this.vertx = (VertxInternal) vertx;
        this.options = new RedisOptions(options).setMaxWaitingHandlers(settings.outstanding() + MOST_BEATS);
        this.settings = settings;
        this.budget = new CommandBudget(
                settings.outstanding(), settings.outstandingBytes().asLongValue());
        this.loop = this.vertx.createEventLoopContext();
        Gauge.builder("mp2p.bus.up", this, link -> link.isUp() ? 1 : 0)
                .description("Whether the node of the device bus is connected")
                .tag("node", name)
                .register(meters);
    }

    /** Connects, and does so again whenever the connection is lost. */
    void start(Listener user) {
        run(() -> {
            listener = user;
            connect();
            vertx.setPeriodic(WATCH_MILLIS, this::watch);
        });
    }

    /** Runs a task on the event loop of the connections. */
    void run(Runnable task) {
        loop.runOnContext(now -> task.run());
    }

    void end() {
        run(() -> {
            ended = true;
            if (client != null) {
                lost(client, "the process ends");
            }
        });
    }

    public boolean isUp() {
        return commands != null;
    }

    /**
     * Sends a command.
     *
     * @param length bytes in its arguments, about
     * @return its answer; fails at once where Valkey is away or owes too many answers already, and with the connection
     */
    public Uni<Response> send(Request command, int length) {
        return Uni.createFrom()
                .emitter(emitter -> send(command, length, answer -> {
                    if (answer.succeeded()) {
                        emitter.complete(answer.result());
                    } else {
                        emitter.fail(answer.cause());
                    }
                }));
    }

    void send(Request command, int length, Consumer<AsyncResult<Response>> answered) {
        send(command, length, () -> () -> {}, answered);
    }

    private void send(
            Request command, int length, Supplier<Runnable> sending, Consumer<AsyncResult<Response>> answered) {
        int cost = length + COMMAND_OVERHEAD;
        if (commands == null) {
            answered.accept(Future.failedFuture("the device bus is away"));
        } else if (!budget.take(cost)) {
            answered.accept(Future.failedFuture("the device bus owes too many answers"));
        } else {
            run(() -> {
                Runnable sent = sending.get();
                sendNow(command, answer -> {
                    budget.giveBack(cost);
                    sent.run();
                    answered.accept(answer);
                });
            });
        }
    }

    /**
     * As {@link #send}.
     *
     * @param late runs if there is no answer after so long; one may still come, and until then it counts as owed
     */
    void sendWithin(long millis, Runnable late, Request command, int length, Consumer<AsyncResult<Response>> answered) {
        send(
                command,
                length,
                () -> {
                    long timer = vertx.setTimer(millis, now -> late.run());
                    return () -> vertx.cancelTimer(timer);
                },
                answered);
    }

    /**
     * On the event loop.
     *
     * @return false while Valkey is away
     */
    boolean subscribe(Collection<String> channels) {
        onEach(Command.SUBSCRIBE, channels);
        return subscriptions != null;
    }

    /** On the event loop; while Valkey is away nothing is subscribed to. */
    void unsubscribe(Collection<String> channels) {
        onEach(Command.UNSUBSCRIBE, channels);
    }

    private void sendNow(Request command, Consumer<AsyncResult<Response>> answered) {
        RedisConnection now = commands;
        if (now == null) {
            answered.accept(Future.failedFuture("the device bus is away"));
        } else {
            now.send(command).onComplete(answered::accept);
        }
    }

    private void onEach(Command command, Collection<String> channels) {
        Iterator<String> left = channels.iterator();
        while (subscriptions != null && left.hasNext()) {
            Request request = Request.cmd(command);
            for (int taken = 0; taken < CHANNELS_PER_COMMAND && left.hasNext(); taken++) {
                request.arg(left.next());
            }
            // Its answer comes as a message; that it cannot be written is told by the end of the connection.
            subscriptions.send(request);
        }
    }

    private void connect() {
        if (ended) {
            return;
        }
        Redis attempt = Redis.createClient(vertx, options);
        client = attempt;
        beatHeard = System.nanoTime();
        Future<RedisConnection> first = attempt.connect();
        Future<RedisConnection> second = attempt.connect();
        Future.all(first, second).onComplete(both -> {
            if (both.failed()) {
                lost(attempt, both.cause().getMessage());
            } else if (client == attempt) {
                connected(attempt, first.result(), second.result());
            }
        });
    }

    private void connected(Redis attempt, RedisConnection forCommands, RedisConnection forSubscriptions) {
        for (RedisConnection connection : new RedisConnection[] {forCommands, forSubscriptions}) {
            connection
                    .exceptionHandler(failure -> lost(attempt, failure.getMessage()))
                    .endHandler(end -> lost(attempt, "the connection has ended"));
        }
        forSubscriptions.handler(message -> {
            if (client == attempt) {
                arrived(message);
            }
        });
        subscriptions = forSubscriptions;
        commands = forCommands;
        beatHeard = System.nanoTime();
        connectedAt = beatHeard;
        onEach(Command.SUBSCRIBE, List.of(beatChannel));
        LOG.infof("The device bus%s is connected.", at);
        known = true;
        listener.up();
    }

    private void lost(Redis attempt, String why) {
        if (client != attempt) {
            return;
        }
        boolean wasUp = commands != null;
        // One that is taken and cut again at once is tried, and logged, no more often than one that is refused.
        if (wasUp && System.nanoTime() - connectedAt > settings.longestRetry().toNanos()) {
            failures = 0;
        }
        client = null;
        commands = null;
        subscriptions = null;
        if (!ended) {
            away(wasUp, why);
        }
        attempt.close();
    }

    private void away(boolean wasUp, String why) {
        if (wasUp || !known) {
            LOG.warnf("The device bus%s is away (%s); devices learn by polling until it is back.", at, why);
            known = true;
        }
        vertx.setTimer(pause(), now -> connect());
        if (wasUp) {
            listener.down();
        }
    }

    /** Doubles, and leaves out a random half so that not everybody comes back at once. */
    private long pause() {
        long longest = settings.longestRetry().toMillis();
        long whole = Math.min(longest, settings.firstRetry().toMillis() << Math.min(failures, 16));
        failures++;
        return Math.max(1, whole - ThreadLocalRandom.current().nextLong(whole / 2 + 1));
    }

    private void watch(long timer) {
        if (ended) {
            vertx.cancelTimer(timer);
            return;
        }
        Redis present = client;
        if (present == null) {
            return;
        }
        if (System.nanoTime() - beatHeard > settings.stall().toNanos()) {
            lost(present, "no answer");
        } else if (commands != null) {
            // Outside of the budget: what is owed already must not keep the beat from going out.
            commands.send(Request.cmd(Command.PUBLISH).arg(beatChannel).arg("b"));
        }
    }

    private void arrived(Response message) {
        if (message == null || message.size() != 3) {
            return;
        }
        String what = message.get(0).toString();
        String channel = message.get(1).toString();
        if (beatChannel.equals(channel)) {
            beatHeard = System.nanoTime();
        } else if ("message".equals(what)) {
            listener.arrived(channel, message.get(2).toBuffer());
        } else if ("subscribe".equals(what)) {
            listener.subscribed(channel);
        }
    }
}
