package org.messengerp2p.mailbox.collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.MailboxTest;
import org.messengerp2p.testkit.Citus;
import org.messengerp2p.testkit.Eventually;

@QuarkusTest
@TestProfile(DatabaseAwayTest.SoonGivenUp.class)
class DatabaseAwayTest extends MailboxTest {

    /** Short for requests, whose end is awaited here, and longer for connections than all that a test does with them. */
    public static class SoonGivenUp implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp2p.mailbox.database.patience", "PT3S",
                    "mp2p.mailbox.database.background-patience", "PT15S");
        }
    }

    @ConfigProperty(name = "quarkus.datasource.mailbox.reactive.max-size")
    int pool;

    @AfterEach
    void mend() {
        database("mend");
    }

    @Test
    void answersUnavailableWhileTheDatabaseIsAwayAndGoesOnByItself() {
        Device bob = newListedDevice();
        byte[] before = random(100);
        api.messages(bob, bob.account(), 1, Addressed.to(bob, before)).is(200);

        database("cut");
        assertUnavailable(api.messages(bob, bob.account(), 1, Addressed.to(bob, random(100))));
        assertUnavailable(api.collect(bob));
        assertUnavailable(api.ack(bob, List.of()));
        assertUnavailable(api.deliver(bob.account(), random(16), 1, Addressed.to(bob, random(100))));

        database("mend");
        assertEquals(1, api.collect(bob).envelopes().size());
    }

    @Test
    void answersUnavailableWhenTheDatabaseFallsSilent() {
        Device bob = newListedDevice();
        api.collect(bob).is(200);

        database("silence");
        long start = System.nanoTime();
        assertUnavailable(api.collect(bob));
        long seconds = (System.nanoTime() - start) / 1_000_000_000;

        assertTrue(seconds < 10, () -> "answered after " + seconds + " s");
        database("mend");
        api.collect(bob).is(200);
    }

    @Test
    void aRequestThatMetTheCutCanBeRepeated() {
        Device bob = newListedDevice();
        byte[] envelope = random(100);

        database("silence");
        assertUnavailable(api.messages(bob, bob.account(), 1, Addressed.to(bob, envelope)));
        database("cut");
        database("mend");

        assertEquals(
                List.of("stored"),
                api.messages(bob, bob.account(), 1, Addressed.to(bob, envelope)).states());
        assertEquals(1, api.collect(bob).envelopes().size());
    }

    @Test
    void connectionsWhoseOtherSideHasGoneAreGivenUp() throws Exception {
        Device bob = newListedDevice();
        useEveryConnection();

        database("strand");
        atOnce(IntStream.range(0, pool).mapToObj(i -> () -> api.collect(bob)))
                .forEach(DatabaseAwayTest::assertUnavailable);

        assertUnavailable(api.collect(bob));
        Eventually.isTrue(
                "ten calls in a row reach new connections",
                () -> IntStream.range(0, 10).allMatch(i -> api.collect(bob).status() == 200));
    }

    /** By as many calls, each of which waits for a row on a connection of its own until all do. */
    private void useEveryConnection() throws Exception {
        List<Device> owners = Stream.generate(this::newListedDevice).limit(pool).toList();
        List<CompletableFuture<Answer>> calls;
        try (Connection holder = dataSource.getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.executeUpdate(owners.stream()
                    .map(owner -> "'" + owner.account().value() + "'")
                    .collect(Collectors.joining(
                            ", ", "update recipient set list_version = list_version where account in (", ")")));
            calls = owners.stream()
                    .map(owner -> meanwhile(() -> api.putDeliveryToken(owner, random(16))))
                    .toList();
            Eventually.isTrue("every connection waits", () -> number(Citus.lockWaits()) >= pool);
            holder.rollback();
        }
        calls.forEach(CompletableFuture::join);
    }

    private static List<Answer> atOnce(Stream<Supplier<Answer>> calls) {
        return calls.map(MailboxTest::meanwhile).toList().stream()
                .map(CompletableFuture::join)
                .toList();
    }

    private static void assertUnavailable(Answer answer) {
        answer.isProblem(503, "unavailable");
        assertEquals("2", answer.headers().firstValue("Retry-After").orElse(""));
    }
}
