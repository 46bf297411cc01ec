package org.messengerp2p.mailbox.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.MailboxTest;

/**
 * Many write, two devices collect meanwhile. One follows the cursor and never looks back: it would miss an envelope that
 * became visible behind it. The other acknowledges and asks again, as clients do.
 */
@QuarkusTest
class OrderTest extends MailboxTest {

    private static final int WRITERS = 6;
    private static final int REQUESTS = 40;

    @Test
    void losesNothingAndKeepsEachSendersOrderWhileManyStore() throws Exception {
        Device following = newListedDevice();
        Device acknowledging = new Device(following.account(), newDeviceId());
        list(following.account(), 2, following.device(), acknowledging.device());
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 2);
        try {
            List<Future<Integer>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int number = writer;
                writers.add(threads.submit(() -> write(number, following, acknowledging)));
            }
            int[] written = new int[1];
            Future<List<Mark>> followed = threads.submit(() -> follow(following, writers));
            Future<List<Mark>> acknowledged = threads.submit(() -> acknowledge(acknowledging, writers));
            for (Future<Integer> writer : writers) {
                written[0] += writer.get();
            }

            assertComplete(written[0], followed.get());
            assertComplete(written[0], acknowledged.get());
            assertCountersAreExact(following.account().value().toString());
        } finally {
            threads.shutdownNow();
        }
    }

    /** One to five envelopes a request, for both devices in either order, now and then sent twice. */
    private int write(int writer, Device one, Device two) {
        Device sender = newListedDevice();
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int number = 0;
        for (int request = 0; request < REQUESTS; request++) {
            List<Addressed> batch = new ArrayList<>();
            for (int left = random.nextInt(1, 6); left > 0; left--) {
                byte[] envelope = new Mark(writer, number++).envelope();
                boolean swap = random.nextBoolean();
                batch.add(Addressed.to(swap ? two : one, envelope));
                batch.add(Addressed.to(swap ? one : two, envelope));
            }
            for (int tries = random.nextInt(1, 3); tries > 0; tries--) {
                Answer answer = api.messages(sender, one.account(), 2, batch.toArray(Addressed[]::new));
                assertTrue(answer.states().stream().allMatch("stored"::equals));
            }
        }
        return number;
    }

    private List<Mark> follow(Device device, List<Future<Integer>> writers) {
        List<Mark> seen = new ArrayList<>();
        String after = null;
        boolean last;
        do {
            boolean allWritten = writers.stream().allMatch(Future::isDone);
            Answer page = api.collect(device, after, 7);
            page.envelopes().forEach(envelope -> seen.add(Mark.of(envelope)));
            after = page.next() == null ? after : page.next();
            last = allWritten && page.drained();
        } while (!last);
        return seen;
    }

    private List<Mark> acknowledge(Device device, List<Future<Integer>> writers) {
        List<Mark> seen = new ArrayList<>();
        boolean last;
        do {
            boolean allWritten = writers.stream().allMatch(Future::isDone);
            Answer page = api.collect(device);
            page.envelopes().forEach(envelope -> seen.add(Mark.of(envelope)));
            api.ack(device, page.ids()).is(204);
            last = allWritten && page.drained();
        } while (!last);
        return seen;
    }

    /** A repeated request may bring an acknowledged envelope again, as a client drops it; the first time counts. */
    private static void assertComplete(int written, List<Mark> seen) {
        Map<Integer, Integer> next = new HashMap<>();
        for (Mark mark : seen) {
            int expected = next.getOrDefault(mark.writer(), 0);
            assertTrue(mark.number() <= expected, () -> mark + " came before number " + expected);
            next.put(mark.writer(), Math.max(expected, mark.number() + 1));
        }
        assertEquals(written, next.values().stream().mapToInt(Integer::intValue).sum());
    }

    private void assertCountersAreExact(String account) {
        String inexact = """
                select count(*)::text
                  from mailbox m
                 cross join lateral (
                       select count(*) as waiting, coalesce(sum(e.size), 0) as bytes,
                              count(*) filter (where e.limited) as limited,
                              coalesce(sum(e.size) filter (where e.limited), 0) as limited_bytes
                         from envelope e
                        where e.account = m.account and e.device = m.device) w
                 where m.account = '%s'
                   and (m.waiting, m.waiting_bytes, m.limited, m.limited_bytes)
                    <> (w.waiting, w.bytes, w.limited, w.limited_bytes)
                """;
        assertEquals(0, number(inexact.formatted(account)));
    }

    private record Mark(int writer, int number) {

        byte[] envelope() {
            return ByteBuffer.allocate(600).putInt(writer).putInt(number).array();
        }

        static Mark of(byte[] envelope) {
            ByteBuffer buffer = ByteBuffer.wrap(envelope);
            return new Mark(buffer.getInt(), buffer.getInt());
        }
    }
}
