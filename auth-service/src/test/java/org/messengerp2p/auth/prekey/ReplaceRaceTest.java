package org.messengerp2p.auth.prekey;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.RestClient.Answer;

/** A device replaces its prekeys while one of them is being handed out. */
@QuarkusTest
class ReplaceRaceTest extends AuthServiceTest {
    /** What a hand-out does, by statements of its own so that it can stand still between them and its commit. */
    private static final String HAND_OUT = """
            with taken as (
                delete from prekey
                 where account_id = '%s' and kind = 2
                   and key_id = (select min(key_id) from prekey where account_id = '%1$s' and kind = 2)
                returning prekey.*
            )
            insert into retired_prekey (account_id, device_id, kind, key_id, record_hash, retired_at)
            select account_id, device_id, kind, key_id, sha256(record), now() from taken
            """;

    @Inject
    @DataSource("auth")
    AgroalDataSource database;

    @Test
    void replacesAllAlsoWhenOneIsHandedOutMeanwhile() throws Exception {
        SignedIn signedIn = accounts.newcomer();
        String token = signedIn.tokens().auth();
        List<String> records = signedIn.account().device().prekeys(3, 2).stream()
                .map(record -> Base64.getUrlEncoder().withoutPadding().encodeToString(record))
                .toList();

        Answer replaced;
        try (Connection handOut = database.getConnection()) {
            handOut.setAutoCommit(false);
            try (Statement statement = handOut.createStatement()) {
                statement.executeUpdate(
                        HAND_OUT.formatted(signedIn.account().id().value()));
            }
            CompletableFuture<Answer> answer = rest.call("PUT", KEYS + "/prekeys", token, Map.of("records", records));
            Eventually.isTrue("the device waits for the hand-out", () -> waiting() == 1);
            handOut.commit();
            handOut.setAutoCommit(true);
            replaced = answer.get(30, TimeUnit.SECONDS);
        }

        assertEquals(200, replaced.status(), replaced.body().toString());
        assertEquals(3, replaced.body().path("n_opk").asInt());
        assertEquals(
                3,
                rest.get(KEYS + "/prekeys/digest", token).body().path("opk_ids").size());
    }

    private long waiting() {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery(
                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock'")) {
            count.next();
            return count.getLong(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
