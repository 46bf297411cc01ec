package org.messengerp2p.mailbox.collection;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.MailboxTest;
import org.messengerp2p.testkit.Eventually;

@QuarkusTest
@TestProfile(IdleConnectionTest.SoonIdle.class)
@Tag("one-node")
class IdleConnectionTest extends MailboxTest {

    /** A connection that says nothing for fourteen seconds ends: these nine, and what is beyond a patience. */
    public static class SoonIdle implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp2p.mailbox.database.patience", "PT8S",
                    "mp2p.mailbox.database.background-patience", "PT9S");
        }
    }

    private static final String OF_THE_SERVICE = "application_name = 'vertx-pg-client'";

    /** Eight seconds idle and seven in which it waits for a row are more than fourteen. */
    @Test
    void aStatementIsNotCutForTheTimeInWhichItsConnectionWasIdle() throws Exception {
        Device bob = newListedDevice();
        api.putDeliveryToken(bob, random(16)).is(204);
        Eventually.isTrue("no connection was used lately", () -> number("""
                select count(*)::text from pg_stat_activity
                 where %s and state_change > now() - interval '8 seconds'
                """.formatted(OF_THE_SERVICE)) == 0);

        CompletableFuture<Answer> call;
        try (Connection holder = dataSource.getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.executeUpdate("update recipient set list_version = list_version where account = '"
                    + bob.account().value() + "'");
            call = meanwhile(() -> api.putDeliveryToken(bob, random(16)));
            Eventually.isTrue("it waits for seven seconds", () -> number("""
                    select count(*)::text from pg_stat_activity
                     where %s and wait_event_type = 'Lock' and state_change < clock_timestamp() - interval '7 seconds'
                    """.formatted(OF_THE_SERVICE)) == 1);
            holder.rollback();
        }

        call.get().is(204);
    }
}
