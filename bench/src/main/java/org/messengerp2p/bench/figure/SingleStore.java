package org.messengerp2p.bench.figure;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.messengerp2p.bench.database.BenchPostgres;
import org.messengerp2p.bench.load.Bodies;
import org.messengerp2p.bench.load.Boxes;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.load.Latencies;
import org.messengerp2p.bench.load.MailboxClient;
import org.messengerp2p.bench.load.Scale;
import org.messengerp2p.bench.load.StoreLoad;
import org.messengerp2p.bench.product.MailboxService;

/**
 * How long a message alone takes to be stored, ten a second, and between them the same row by a plain {@code INSERT}: one
 * connection, prepared, a commit of its own. What waits so that others may share its commit is seen here.
 */
public final class SingleStore {

    private static final String DATABASE = "plain";
    private static final String TABLE = """
            create table envelope (
                account uuid not null, device bigint not null, position bigint not null, envelope_id uuid not null,
                received_at timestamptz not null, size integer not null, limited boolean not null, sealed bytea not null,
                primary key (account, device, envelope_id), unique (account, device, position));
            alter table envelope alter column sealed set storage external
            """;
    private static final String INSERT =
            "insert into envelope values ($1, 1, $2, $3, date_trunc('minute', $4::timestamptz), $5, false, $6)";

    private static final int APART_MILLIS = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final BenchPostgres postgres;
    private final MailboxService service;
    private final Generator generator;
    private final Bodies bodies = new Bodies();
    private final UUID account = UUID.randomUUID();
    private long position;

    public SingleStore(BenchPostgres postgres, MailboxService service, Generator generator) {
        this.postgres = postgres;
        this.service = service;
        this.generator = generator;
    }

    public Map<String, Double> measure(Scale scale) throws Exception {
        Boxes boxes = new Boxes(0, scale.flatOut());
        service.prepare(boxes.count());
        MailboxClient client = service.client(generator);
        StoreLoad warmUp = new StoreLoad(client, bodies, boxes, boxes.count() * Scale.EACH, 0);
        generator.await(PATIENCE, () -> warmUp.run(generator.vertx()));
        Buffer sealed = bodies.next().appendBytes(new byte[service.sealedBytes() - Bodies.BYTES]);
        PreparedStatement insert = prepared();
        Supplier<Future<?>> plain = () -> insert.query().execute(row(sealed));
        Iterator<Buffer> next = IntStream.range(0, 2 * scale.singles() + 2)
                .mapToObj(each -> bodies.next())
                .toList()
                .iterator();
        Supplier<Future<?>> store = () -> client.store(0, next.next());
        generator.await(PATIENCE, () -> Alternation.run(generator.vertx(), store, plain, scale.singles()));
        Alternation measured =
                generator.await(PATIENCE, () -> Alternation.run(generator.vertx(), store, plain, scale.singles()));
        double byService = measured.first.millis(50);
        double byInsert = measured.second.millis(50);
        return Map.of(
                "single_store_p50_ms", byService,
                "single_insert_p50_ms", byInsert,
                "single_ratio", byService / byInsert);
    }

    private PreparedStatement prepared() throws InterruptedException {
        postgres.createAnew(DATABASE);
        postgres.execute(DATABASE, TABLE);
        PgConnectOptions options = new PgConnectOptions()
                .setHost("127.0.0.1")
                .setPort(postgres.port())
                .setDatabase(DATABASE)
                .setUser(BenchPostgres.USER)
                .setPassword(BenchPostgres.PASSWORD);
        return generator.await(
                PATIENCE,
                () -> PgConnection.connect(generator.vertx(), options)
                        .compose(connection -> connection.prepare(INSERT)));
    }

    private Tuple row(Buffer sealed) {
        return Tuple.of(account, ++position, UUID.randomUUID(), OffsetDateTime.now(), Bodies.BYTES, sealed);
    }

    /** Two kinds of calls in turn, never two at a time. */
    private static final class Alternation {

        private final Latencies first;
        private final Latencies second;

        private Alternation(int times) {
            first = new Latencies(times);
            second = new Latencies(times);
        }

        static Future<Alternation> run(Vertx vertx, Supplier<Future<?>> one, Supplier<Future<?>> other, int times) {
            Alternation alternation = new Alternation(times);
            Promise<Alternation> done = Promise.promise();
            int[] ticks = new int[1];
            long timer = vertx.setPeriodic(APART_MILLIS / 2, tick -> {
                boolean even = ticks[0]++ % 2 == 0;
                Latencies latencies = even ? alternation.first : alternation.second;
                long began = System.nanoTime();
                (even ? one : other).get().onFailure(done::tryFail).onSuccess(answer -> {
                    latencies.add(System.nanoTime() - began);
                    if (alternation.second.count() == times) {
                        done.tryComplete(alternation);
                    }
                });
            });
            return done.future().onComplete(end -> vertx.cancelTimer(timer));
        }
    }
}
