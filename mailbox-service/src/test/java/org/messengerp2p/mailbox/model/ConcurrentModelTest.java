package org.messengerp2p.mailbox.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.EnvelopeId;
import org.messengerp2p.mailbox.MailboxTest;

/**
 * Senders, two devices that collect, and a caller that changes lists and tokens, all at once, on mailboxes that are full
 * most of the time. What was stored is what was collected, in the order of each sender, and every answer is possible.
 */
@QuarkusTest
@TestProfile(SmallMailboxes.class)
class ConcurrentModelTest extends MailboxTest {

    private static final int SENDERS = 5;
    private static final int MESSAGES = 40;
    private static final int STORES_A_CHANGE = 6;
    private static final int LONGEST_SECONDS = 60;

    private final Calls calls = new Calls();
    private final Device one = newDevice();
    private final Device two = new Device(one.account(), newDeviceId());
    /** On every second list. */
    private final Device comesAndGoes = new Device(one.account(), newDeviceId());

    private final List<byte[]> tokens =
            Stream.generate(() -> random(16)).limit(3).toList();
    private final AtomicLong knownVersion = new AtomicLong();
    private final AtomicInteger knownToken = new AtomicInteger();
    /** Changes go with the stores: without a pause they would leave no list for which anything could be stored. */
    private final Semaphore stores = new Semaphore(0);
    /** Nobody acknowledges before: else the devices may be quicker than the senders, and no mailbox is ever full. */
    private final CompletableFuture<Void> full = new CompletableFuture<>();

    @Test
    void everyAnswerIsPossibleAndNothingIsLostWhileAllHappensAtOnce() {
        long seed = Long.getLong("model.seed", ThreadLocalRandom.current().nextInt(1_000_000));
        changeList(1);
        changeToken(0);
        full.orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS);
        ExecutorService threads = Executors.newFixedThreadPool(SENDERS + 3);
        try {
            List<CompletableFuture<Void>> senders = new ArrayList<>();
            for (int sender = 0; sender < SENDERS; sender++) {
                int number = sender;
                senders.add(CompletableFuture.runAsync(() -> send(number, new Random(seed + number)), threads));
            }
            CompletableFuture<Void> changes =
                    CompletableFuture.runAsync(() -> change(senders, new Random(seed - 1)), threads);
            CompletableFuture<List<Mark>> first =
                    CompletableFuture.supplyAsync(() -> collect(one, senders, new Random(seed - 2)), threads);
            CompletableFuture<List<Mark>> second =
                    CompletableFuture.supplyAsync(() -> collect(two, senders, new Random(seed - 3)), threads);
            allOf(senders).whenComplete((sent, failure) -> stores.release(STORES_A_CHANGE));
            List<CompletableFuture<?>> all = new ArrayList<>(senders);
            all.addAll(List.of(changes, first, second));
            awaitAllOrTheFirstFailure(all);

            assertComplete(first.join(), "seed " + seed);
            assertComplete(second.join(), "seed " + seed);
        } finally {
            threads.shutdownNow();
        }
        assertEquals(List.of(), CallsCheck.impossibleAnswers(calls, SmallMailboxes.ENVELOPES), "seed " + seed);
        assertTrue(calls.stores.stream().anyMatch(call -> call.what().status() == 409), "some met another list");
        assertCountersAreExact();
    }

    /** Senders would go on for ever where nobody acknowledges any more. */
    private static void awaitAllOrTheFirstFailure(List<CompletableFuture<?>> all) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        all.forEach(each -> each.exceptionally(failure -> {
            ended.completeExceptionally(failure);
            return null;
        }));
        allOf(all).thenRun(() -> ended.complete(null));
        ended.join();
    }

    private static CompletableFuture<Void> allOf(List<? extends CompletableFuture<?>> all) {
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    /** The next number for a device only when the one before is stored there, as clients do. */
    private void send(int sender, Random random) {
        Device self = newListedDevice();
        Map<DeviceId, Integer> left = new LinkedHashMap<>();
        left.put(one.device(), 0);
        left.put(two.device(), 0);
        while (left.values().stream().anyMatch(number -> number < MESSAGES)) {
            List<Addressed> parcels = new ArrayList<>();
            left.forEach((device, number) -> {
                if (number < MESSAGES) {
                    parcels.add(new Addressed(device, new Mark(sender, number).envelope()));
                }
            });
            if (random.nextInt(4) == 0) {
                parcels.add(new Addressed(comesAndGoes.device(), random(100)));
            }
            List<String> states = store(self, parcels, random);
            if (states.contains("full")) {
                full.complete(null);
            }
            for (int i = 0; i < states.size(); i++) {
                if (states.get(i).equals("stored")) {
                    left.computeIfPresent(parcels.get(i).device(), (device, number) -> number + 1);
                }
            }
        }
    }

    /** @return no states where nothing was stored */
    private List<String> store(Device self, List<Addressed> parcels, Random random) {
        Optional<Integer> token = random.nextBoolean() ? Optional.of(knownToken.get()) : Optional.empty();
        long version = knownVersion.get();
        Addressed[] addressed = parcels.toArray(Addressed[]::new);
        stores.release();
        return calls.timed(calls.stores, () -> {
                    Answer answer = token.isPresent()
                            ? api.deliver(one.account(), tokens.get(token.get()), version, addressed)
                            : api.messages(self, one.account(), version, addressed);
                    return new Calls.Stored(
                            token,
                            version,
                            parcels.stream().map(Addressed::device).toList(),
                            parcels.stream()
                                    .map(parcel ->
                                            EnvelopeId.of(parcel.envelope()).base64url())
                                    .toList(),
                            answer.status(),
                            answer.status() == 200 ? answer.states() : List.of(),
                            answer.body().path("list_version").asLong());
                })
                .states();
    }

    private List<Mark> collect(Device device, List<CompletableFuture<Void>> senders, Random random) {
        full.join();
        List<Mark> seen = new ArrayList<>();
        boolean last;
        do {
            boolean allSent = senders.stream().allMatch(CompletableFuture::isDone);
            Answer page = api.collect(device, null, 1 + random.nextInt(100));
            assertTrue(page.ids().size() <= SmallMailboxes.ENVELOPES, "never more than the quota");
            page.envelopes().forEach(envelope -> seen.add(Mark.of(envelope)));
            if (random.nextInt(4) != 0) {
                calls.timed(calls.acknowledgements, () -> {
                    api.ack(device, page.ids()).is(204);
                    return new Calls.Acknowledged(device.device(), page.ids());
                });
            }
            last = allSent && page.drained() && page.ids().isEmpty();
        } while (!last);
        return seen;
    }

    private void change(List<CompletableFuture<Void>> senders, Random random) {
        long version = 1;
        while (!senders.stream().allMatch(CompletableFuture::isDone)) {
            stores.acquireUninterruptibly(STORES_A_CHANGE);
            if (random.nextBoolean()) {
                version++;
                changeList(version);
            } else {
                changeToken(random.nextInt(tokens.size()));
            }
        }
    }

    private void changeList(long version) {
        List<DeviceId> devices = version % 2 == 0
                ? List.of(one.device(), two.device(), comesAndGoes.device())
                : List.of(one.device(), two.device());
        calls.timed(calls.lists, () -> {
            list(one.account(), version, devices.toArray(DeviceId[]::new));
            return new Calls.Listed(version, devices);
        });
        knownVersion.set(version);
    }

    private void changeToken(int token) {
        calls.timed(calls.tokens, () -> {
            api.putDeliveryToken(one, tokens.get(token)).is(204);
            return token;
        });
        knownToken.set(token);
    }

    /** An envelope that is not acknowledged comes again; the first time counts. */
    private static void assertComplete(List<Mark> seen, String seed) {
        Map<Integer, Integer> next = new HashMap<>();
        for (Mark mark : seen) {
            int expected = next.getOrDefault(mark.sender(), 0);
            assertTrue(mark.number() <= expected, () -> seed + ": " + mark + " came before number " + expected);
            next.put(mark.sender(), Math.max(expected, mark.number() + 1));
        }
        assertEquals(SENDERS, next.size(), seed);
        next.values().forEach(count -> assertEquals(MESSAGES, count, seed));
    }

    private void assertCountersAreExact() {
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
        assertEquals(0, number(inexact.formatted(one.account().value())));
    }

    private record Mark(int sender, int number) {

        byte[] envelope() {
            return ByteBuffer.allocate(100).putInt(sender).putInt(number).array();
        }

        static Mark of(byte[] envelope) {
            ByteBuffer buffer = ByteBuffer.wrap(envelope);
            return new Mark(buffer.getInt(), buffer.getInt());
        }
    }
}
