package org.messengerp2p.mailbox.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.MailboxTest;

/**
 * Envelopes that come and go while ten thousand wait, by the calls of the API, and what is left of them in the database
 * after autovacuum has come by itself. PostgreSQL runs with its own settings but the one that Messenger sets.
 */
@Tag("one-node")
abstract class PassingEnvelopes extends MailboxTest {

    /** As EmbeddedPostgres and docker-compose.yml set it. */
    private static final String NAPTIME = "5s";

    private static final int WAITING = 10_000;
    private static final int DEVICES = 100;
    private static final int BATCH = 50;
    private static final int CLIENTS = 4;
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private static final String BYTES = """
            select (%s)::text
              from pg_class t
             where t.relnamespace = 'public'::regnamespace and t.relname = 'envelope'
            """;

    private static final String VACUUMED = """
            select (bool_and(s.last_autovacuum > '%s'))::text
              from pg_class t
              join pg_stat_all_tables s on s.relid = t.oid or s.relid = t.reltoastrelid and %b
             where t.relnamespace = 'public'::regnamespace and t.relname = 'envelope'
            """;

    private static final String VACUUM_TIME = """
            select coalesce(sum(total_autovacuum_time + total_autoanalyze_time), 0)::bigint::text from pg_stat_all_tables
            """;

    /** No limit of rates. */
    public static class NoRates implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp2p.mailbox.limits.messages", "1000000/PT1S",
                    "mp2p.mailbox.limits.device", "1000000/PT1S");
        }
    }

    @BeforeEach
    void setAutovacuumAsShipped() {
        update("alter system set autovacuum_naptime = '" + NAPTIME + "'");
        column("select pg_reload_conf()::text");
    }

    @AfterEach
    void resetAutovacuum() {
        update("alter system reset autovacuum_naptime");
        column("select pg_reload_conf()::text");
    }

    /** Stores and acknowledges so many of this size, and asserts what is left. */
    void pass(int envelopes, int size) throws Exception {
        List<Device> devices =
                Stream.generate(this::newListedDevice).limit(DEVICES).toList();
        long vacuumed = number(VACUUM_TIME);
        forEach(devices, WAITING / DEVICES / BATCH, device -> store(device, size));
        long waiting = number("select sum(size)::text from envelope");
        long deepest = total();
        AtomicLong highest = new AtomicLong(deepest);
        forEach(devices, (envelopes - WAITING) / DEVICES / BATCH, device -> {
            acknowledgeOldest(device);
            store(device, size);
            highest.accumulateAndGet(total(), Math::max);
        });
        forEach(devices, WAITING / DEVICES / BATCH, this::acknowledgeOldest);
        assertEquals(0, number("select count(*)::text from envelope"));

        awaitAutovacuum(size);

        report(envelopes, size, waiting, deepest, highest.get(), number(VACUUM_TIME) - vacuumed);
        assertTrue(total() <= waiting * 13 / 10, total() + " bytes are left of " + waiting);
    }

    private void report(int envelopes, int size, long waiting, long deepest, long highest, long vacuumMillis) {
        System.out.printf(
                "%,d envelopes of %,d bytes, %,d waiting: %,d bytes%n"
                        + "  in the database then %.2f of that, at most seen %.2f, left at the end %.2f"
                        + " (table %.2f, toast %.2f, indexes %.2f)%n"
                        + "  autovacuum was at work for %.1f µs an envelope%n",
                envelopes,
                size,
                WAITING,
                waiting,
                share(deepest, waiting),
                share(highest, waiting),
                share(total(), waiting),
                share(bytes("pg_relation_size(t.oid)"), waiting),
                share(bytes("pg_total_relation_size(t.reltoastrelid)"), waiting),
                share(bytes("pg_indexes_size(t.oid)"), waiting),
                vacuumMillis * 1000.0 / envelopes);
    }

    /** A pass that began when everything had been acknowledged. */
    private void awaitAutovacuum(int size) throws InterruptedException {
        String now = new String(column("select now()::text").get(0), StandardCharsets.US_ASCII);
        boolean inToast = size > 2000;
        long longest = System.nanoTime() + LONGEST.toNanos();
        while (!"true"
                .equals(new String(column(VACUUMED.formatted(now, inToast)).get(0), StandardCharsets.US_ASCII))) {
            assertTrue(System.nanoTime() < longest, "autovacuum did not come");
            Thread.sleep(100);
        }
    }

    private void store(Device device, int size) {
        Addressed[] batch = Stream.generate(() -> Addressed.to(device, bytesOf(size)))
                .limit(BATCH)
                .toArray(Addressed[]::new);
        api.messages(device, device.account(), 1, batch).is(200);
    }

    private void acknowledgeOldest(Device device) {
        Answer page = api.collect(device, null, BATCH);
        assertEquals(BATCH, page.ids().size());
        api.ack(device, page.ids()).is(204);
    }

    private static byte[] bytesOf(int size) {
        byte[] bytes = new byte[size];
        ThreadLocalRandom.current().nextBytes(bytes);
        return bytes;
    }

    private long total() {
        return bytes("pg_total_relation_size(t.oid)");
    }

    private long bytes(String what) {
        return number(BYTES.formatted(what));
    }

    private static double share(long bytes, long of) {
        return (double) bytes / of;
    }

    /** So many rounds over all devices, by several clients that have some of them each. */
    private static void forEach(List<Device> devices, int rounds, Consumer<Device> work) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int first = client;
                done.add(clients.submit(() -> {
                    for (int i = first; i < rounds * devices.size(); i += CLIENTS) {
                        work.accept(devices.get(i % devices.size()));
                    }
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            clients.shutdownNow();
        }
    }
}
