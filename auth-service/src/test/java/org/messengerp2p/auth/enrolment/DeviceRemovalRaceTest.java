package org.messengerp2p.auth.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.deletion.AccountRows;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

/** What a device does while another one removes it. */
@QuarkusTest
class DeviceRemovalRaceTest extends AuthServiceTest {
    @Inject
    @DataSource("auth")
    AgroalDataSource database;

    /** The upload stands in its middle, at a key that it replaces, while the list comes. */
    @Test
    void leavesNoKeyOfADeviceThatUploads() throws Exception {
        SignedIn owner = accounts.newcomer();
        TestAccount account = owner.account();
        TestDevice second = account.newDevice();
        byte[] two = account.listAfter(account.firstList(), account.device(), second);
        accounts.putDevices(accounts.pendingToken(account), two, second.prekeys(2, 2));
        String token = accounts.tokens(second).auth();
        byte[] three = account.listAfter(two, account.device());
        AccountRows rows = new AccountRows(database);

        try (Connection holder = holdPrekeysOf(second)) {
            CompletableFuture<Answer> upload = rest.call(
                    "POST",
                    KEYS + "/prekeys",
                    token,
                    Map.of(
                            "records",
                            second.prekeys(1, 1).stream()
                                    .map(DeviceRemovalRaceTest::text)
                                    .toList()));
            Eventually.isTrue("the upload waits", () -> rows.waiting() == 1);
            CompletableFuture<Answer> removal =
                    rest.call("PUT", AUTH + "/devices", owner.tokens().auth(), Map.of("dlc", text(three)));
            Eventually.isTrue("the removal waits too", () -> rows.waiting() == 2);

            holder.rollback();

            assertEquals(200, upload.get(30, TimeUnit.SECONDS).status());
            assertEquals(200, removal.get(30, TimeUnit.SECONDS).status());
        }

        List<String> left = rows.of(account.id()).get("prekey");
        String itsId = "," + second.id().value() + ",";
        assertFalse(left.stream().anyMatch(row -> row.contains(itsId)), left.toString());
    }

    private Connection holdPrekeysOf(TestDevice device) throws Exception {
        Connection holder = database.getConnection();
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute(
                    "select from prekey where device_id = " + device.id().value() + " for update");
        }
        return holder;
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
