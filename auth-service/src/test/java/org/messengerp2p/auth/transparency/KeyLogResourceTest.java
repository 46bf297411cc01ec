package org.messengerp2p.auth.transparency;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

@QuarkusTest
class KeyLogResourceTest extends LogTest {
    private static final String STH = KEYS + "/kt/sth";
    private static final String LEAVES = KEYS + "/kt/leaves";

    @Test
    void letsFullPagesBeKeptForEver() throws Throwable {
        append(anyLeaves(1001));
        long size = newClient().follow().size();
        long lastPage = size / 1000 * 1000;

        Answer full = leaves("?from=0&limit=1000");
        assertEquals(
                "private, max-age=31536000, immutable",
                full.header("Cache-Control").orElse(""));
        assertEquals(1000, full.body().path("leaves").size());
        assertEquals(full.body(), leaves("?from=0").body());
        for (String other : List.of("?from=1", "?from=0&limit=999", "?from=" + lastPage, "?from=" + size)) {
            assertEquals("no-store", leaves(other).header("Cache-Control").orElse(""), other);
        }
        assertEquals(
                size - lastPage,
                leaves("?from=" + lastPage).body().path("leaves").size());
        assertEquals(0, leaves("?from=" + size).body().path("leaves").size());
        assertEquals(
                "no-store",
                rest.get(STH, reader.tokens().auth()).header("Cache-Control").orElse(""));
    }

    @Test
    void refusesNumbersThatAreNone() {
        for (String bad : List.of(
                "",
                "?from=",
                "?from=-1",
                "?from=x",
                "?from=1.5",
                "?from=9223372036854775808",
                "?from=0&limit=0",
                "?from=0&limit=1001",
                "?from=0&limit=x")) {
            Answer refused = rest.get(LEAVES + bad, reader.tokens().auth());
            assertEquals(400, refused.status(), bad);
            assertEquals("malformed", refused.problem(), bad);
        }
        assertEquals(
                0, leaves("?from=9223372036854775807").body().path("leaves").size());
    }

    @Test
    void opensToDevicesAndToRemovedOnesAlone() {
        TestAccount account = reader.account();
        TestDevice second = account.newDevice();
        byte[] two = account.listAfter(account.firstList(), account.device(), second);
        String pending = accounts.pendingToken(account);
        accounts.putDevices(pending, two, second.prekeys(0, 0));
        String access = accounts.tokens(second).auth();
        accounts.putDevices(reader.tokens().auth(), account.listAfter(two, account.device()), null);
        String revoked = accounts.refresh(second).text("token");

        for (String path : List.of(STH, LEAVES + "?from=0")) {
            assertEquals(200, rest.get(path, revoked).status(), path);
            assertEquals("device-revoked", rest.get(path, access).problem(), path);
            assertEquals("pending-token", rest.get(path, pending).problem(), path);
            assertEquals(
                    "token-invalid", rest.get(path, reader.tokens().mailbox()).problem(), path);
            assertEquals("token-invalid", rest.get(path, null).problem(), path);
        }
    }

    private Answer leaves(String query) {
        Answer answer = rest.get(LEAVES + query, reader.tokens().auth());
        assertEquals(200, answer.status(), answer.body().toString());
        return answer;
    }
}
