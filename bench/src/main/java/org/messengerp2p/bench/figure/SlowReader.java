package org.messengerp2p.bench.figure;

import io.vertx.core.Future;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.messengerp2p.bench.load.Bodies;
import org.messengerp2p.bench.load.Boxes;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.load.Latencies;
import org.messengerp2p.bench.load.Scale;
import org.messengerp2p.bench.load.StoreLoad;
import org.messengerp2p.bench.product.MailboxService;
import org.messengerp2p.bench.product.RestClient;

/**
 * How long a page takes for everybody, alone and beside one device with a full mailbox that reads one page and then
 * nothing: neither what it is sent next nor the answers to all that it asks on connections of its own.
 */
public final class SlowReader {

    private static final Boxes SLOW = new Boxes(0, 1);
    private static final Boxes OTHERS = SLOW.next(40);
    private static final int PAGES_A_SECOND = 100;

    private static final int SOCKETS = 4;
    private static final int QUESTIONS_A_SOCKET = 50;
    private static final int SMALL_BUFFER = 4_096;
    /** Of another network than the others': answers that nobody reads have a bound by address. */
    private static final String SLOW_ADDRESS = "127.1.1.1";

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final MailboxService service;
    private final Generator generator;
    private final Bodies bodies = new Bodies();

    public SlowReader(MailboxService service, Generator generator) {
        this.service = service;
        this.generator = generator;
    }

    public Map<String, Double> measure(Scale scale) throws Exception {
        service.prepare(OTHERS.end());
        RestClient client = service.client(generator);
        store(client, SLOW, scale.fullMailbox());
        store(client, OTHERS, OTHERS.count() * Scale.EACH);
        for (int box = 0; box < OTHERS.end(); box++) {
            client.signIn(box);
        }
        int pages = scale.seconds() * PAGES_A_SECOND;
        collect(client, pages);
        Latencies alone = collect(client, pages);
        Latencies beside = collectBesideIt(client, pages);
        Latencies aloneAgain = collect(client, pages);
        Latencies besideAgain = collectBesideIt(client, pages);
        double without = (alone.millis(99) + aloneAgain.millis(99)) / 2;
        double with = (beside.millis(99) + besideAgain.millis(99)) / 2;
        return Map.of("alone_p99_ms", without, "beside_p99_ms", with, "slow_ratio", with / without);
    }

    private void store(RestClient client, Boxes boxes, int messages) throws InterruptedException {
        StoreLoad load = new StoreLoad(client, bodies, boxes, messages, 0);
        generator.await(PATIENCE, () -> load.run(generator.vertx()));
    }

    private Latencies collect(RestClient client, int pages) throws InterruptedException {
        PageLoad load = new PageLoad(client, OTHERS, pages, PAGES_A_SECOND);
        return generator.await(PATIENCE, () -> load.run(generator.vertx()));
    }

    private Latencies collectBesideIt(RestClient client, int pages) throws InterruptedException {
        NetClient sockets = generator
                .vertx()
                .createNetClient(new NetClientOptions()
                        .setReceiveBufferSize(SMALL_BUFFER)
                        .setLocalAddress(SLOW_ADDRESS));
        try {
            generator.await(PATIENCE, () -> client.collect(SLOW.first()));
            generator.await(
                    PATIENCE,
                    () -> Future.all(IntStream.range(0, SOCKETS)
                            .mapToObj(socket -> sockets.connect(service.port(), "127.0.0.1")
                                    .compose(opened -> askAndDoNotRead(client, opened)))
                            .toList()));
            return collect(client, pages);
        } finally {
            generator.await(PATIENCE, sockets::close);
        }
    }

    private static Future<Void> askAndDoNotRead(RestClient client, NetSocket socket) {
        socket.pause();
        return socket.write(client.collectRequest(SLOW.first()).repeat(QUESTIONS_A_SOCKET));
    }
}
