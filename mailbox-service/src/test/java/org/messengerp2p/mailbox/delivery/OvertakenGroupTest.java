package org.messengerp2p.mailbox.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.EnvelopeId;
import org.messengerp2p.mailbox.MailboxTest;
import org.messengerp2p.testkit.Citus;

/** A group whose snapshot is older than what it meets: something else was done while it waited for a mailbox. */
@QuarkusTest
class OvertakenGroupTest extends MailboxTest {

    @Inject
    MeterRegistry meters;

    private Device bob;
    private Device sender;
    private byte[] envelope;

    @BeforeEach
    void aMailbox() {
        bob = newListedDevice();
        sender = bob;
        envelope = random(300);
    }

    @Test
    void theSameEnvelopeFromAnotherReplicaIsStoredAndCountedOnce() {
        Answer answer = storeWhile(insert(envelope));

        assertEquals(List.of("stored"), answer.is(200).states());
        assertEquals(1, number("select count(*)::text from envelope where account = '%s'"));
        assertEquals(1, number("select waiting::text from mailbox where account = '%s'"));
        assertEquals(300, number("select waiting_bytes::text from mailbox where account = '%s'"));
    }

    @Test
    void whoIsInTheGroupOfOneThatWasOvertakenIsStoredToo() {
        Device carol = newListedDevice();
        List<CompletableFuture<Answer>> other = new ArrayList<>();

        Answer answer = storeWhile(
                insert(envelope),
                () -> other.add(
                        meanwhile(() -> api.messages(carol, carol.account(), 1, Addressed.to(carol, random(50))))));

        assertEquals(List.of("stored"), answer.is(200).states());
        assertEquals(List.of("stored"), other.get(0).join().is(200).states());
        assertEquals(1, api.collect(carol).ids().size());
    }

    @Test
    void anotherEnvelopeThatCameFirstStandsFirst() {
        byte[] first = random(200);

        storeWhile(insert(first)).is(200);

        List<String> ids =
                column(of("select envelope_id::text from envelope where account = '%s' order by position")).stream()
                        .map(id -> new String(id, StandardCharsets.US_ASCII))
                        .toList();
        assertEquals(
                List.of(
                        EnvelopeId.of(first).value().toString(),
                        EnvelopeId.of(envelope).value().toString()),
                ids);
    }

    @Test
    void aMailboxThatEndedMeanwhileKeepsNothing() {
        sender = newListedDevice();
        authKnows(bob.account(), 2, newDeviceId());

        Answer answer = storeWhile("delete from mailbox where account = '%s'; update recipient set list_version = 2"
                + " where account = '%s'");

        answer.isProblem(409, "list-version");
        assertEquals(0, number("select count(*)::text from envelope where account = '%s'"));
    }

    @Test
    void aSenderWhoEndedMeanwhileIsRefused() {
        authKnows(bob.account(), 2, newDeviceId());

        Answer answer = storeWhile("delete from mailbox where account = '%s'; update recipient set list_version = 2"
                + " where account = '%s'");

        answer.isProblem(401, "device-revoked");
        assertEquals(0, number("select count(*)::text from envelope where account = '%s'"));
    }

    @Test
    void noRoomThatWasThereIsRoomNoMore() {
        Answer answer = storeWhile("update mailbox set waiting = 10000 where account = '%s'");

        assertEquals(List.of("full"), answer.is(200).states());
        assertEquals(0, number("select count(*)::text from envelope where account = '%s'"));
    }

    @Test
    void whoSendsAnEnvelopeAgainAndAgainUndoesOneGroup() {
        Counter undone = meters.counter("mp2p.mailbox.store.undone");
        double before = undone.count();

        for (int times = 0; times < 5; times++) {
            Answer answer = api.messages(bob, bob.account(), 1, Addressed.to(bob, envelope));
            assertEquals(List.of("stored"), answer.is(200).states());
        }

        assertTrue(undone.count() <= before + 1, () -> undone.count() - before + " groups were undone");
        assertEquals(1, api.collect(bob).ids().size());
    }

    @Test
    void theMailboxesOfABatchAreHeldInTheOrderOfTheirDevices() {
        Device other = new Device(bob.account(), newDeviceId());
        list(bob.account(), 2, bob.device(), other.device());
        Device first = bob.device().value() < other.device().value() ? bob : other;
        Device second = first.equals(bob) ? other : bob;
        Addressed[] lastDeviceFirst = {Addressed.to(second, random(50)), Addressed.to(first, random(50))};

        Answer answer = storeWhile(
                () -> api.messages(bob, bob.account(), 2, lastDeviceFirst),
                "select from mailbox where account = '%s' and device = "
                        + first.device().value() + " for update",
                "select from mailbox where account = '%s' and device = "
                        + second.device().value() + " for update nowait",
                () -> {});

        assertEquals(List.of("stored", "stored"), answer.is(200).states());
    }

    @Test
    void ofABatchToADeviceThatEndedMeanwhileNothingIsStored() {
        Device other = new Device(bob.account(), newDeviceId());
        list(bob.account(), 2, bob.device(), other.device());
        Device first = bob.device().value() < other.device().value() ? bob : other;
        Device second = first.equals(bob) ? other : bob;
        authKnows(bob.account(), 3, first.device());
        sender = newListedDevice();

        Answer answer = storeWhile(
                () -> api.messages(
                        sender, bob.account(), 2, Addressed.to(first, envelope), Addressed.to(second, random(50))),
                "select from mailbox where account = '%s' and device = "
                        + second.device().value() + " for update",
                "delete from mailbox where account = '%s' and device = "
                        + second.device().value() + "; update recipient set list_version = 3 where account = '%s'",
                () -> {});

        answer.isProblem(409, "list-version");
        assertEquals(0, number("select count(*)::text from envelope where account = '%s'"));
        assertEquals(0, number("select sum(waiting)::text from mailbox where account = '%s'"));
    }

    private Answer storeWhile(String sql) {
        return storeWhile(sql, () -> {});
    }

    /** Stores the envelope, and runs the SQL when the store waits for the mailbox, which the SQL's transaction holds. */
    private Answer storeWhile(String sql, Runnable alsoWhile) {
        return storeWhile(
                () -> api.messages(sender, bob.account(), 1, Addressed.to(bob, envelope)),
                "select from mailbox where account = '%s' for update",
                sql,
                alsoWhile);
    }

    private Answer storeWhile(Supplier<Answer> store, String hold, String sql, Runnable alsoWhile) {
        try (Connection holder = dataSource.getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute(of(hold));
            CompletableFuture<Answer> answer = meanwhile(store);
            alsoWhile.run();
            awaitLock(answer);
            statement.execute(of(sql));
            holder.commit();
            return answer.join();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** What another replica would have done. */
    private String insert(byte[] stored) {
        return """
                insert into envelope (account, device, position, envelope_id, received_at, size, limited, sealed)
                select account, device, next_position, '%2$s', date_trunc('minute', now()), %3$d, false, '\\x00'
                  from mailbox where account = '%%s';
                update mailbox
                   set next_position = next_position + 1, waiting = waiting + 1, waiting_bytes = waiting_bytes + %3$d
                 where account = '%%s'
                """.formatted("", EnvelopeId.of(stored).value(), stored.length);
    }

    /** Until the store waits for the row; each look is a query, and one that had nothing to wait for ends it too. */
    private void awaitLock(CompletableFuture<Answer> answer) {
        while (super.number(Citus.lockWaits()) == 0) {
            assertFalse(answer.isDone(), "nothing waited for the mailbox");
        }
    }

    @Override
    protected long number(String sql) {
        return super.number(of(sql));
    }

    private String of(String sql) {
        return sql.replace("%s", bob.account().value().toString());
    }
}
