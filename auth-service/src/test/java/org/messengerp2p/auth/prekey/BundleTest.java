package org.messengerp2p.auth.prekey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

@QuarkusTest
class BundleTest extends AuthServiceTest {
    private static final int KIND_PQL = 3;
    private static final int KIND_PQO = 4;

    @Test
    void givesTheListAndOneKeyOfEachKind() {
        SignedIn asking = accounts.newcomer();
        TestAccount target = accounts.newcomer().account();

        Answer bundle = bundle(asking, target, "");

        assertEquals(200, bundle.status(), bundle.body().toString());
        assertEquals(Base64.getUrlEncoder().withoutPadding().encodeToString(target.firstList()), bundle.text("dlc"));
        assertEquals(1, bundle.body().path("devices").size());
        assertEquals(
                target.device().id().value(),
                bundle.body().at("/devices/0/device_id").asLong());
        assertEquals(TestDevice.SPK, kind(bundle, "spk"));
        assertEquals(TestDevice.OPK, kind(bundle, "opk"));
        assertEquals(KIND_PQO, kind(bundle, "pq"));
    }

    @Test
    void takesKeysOfTheNamedDevicesOnly() {
        SignedIn asking = accounts.newcomer();
        SignedIn target = accounts.newcomer();
        TestAccount account = target.account();
        TestDevice second = account.newDevice();
        accounts.putDevices(
                accounts.pendingToken(account),
                account.listAfter(account.firstList(), account.device(), second),
                second.prekeys(1, 1));

        Answer named = bundle(asking, account, "?device=" + second.id().value());
        Answer digest = rest.get(KEYS + "/prekeys/digest", target.tokens().auth());
        Answer unknown = bundle(asking, account, "?device=1");
        Answer all = bundle(asking, account, "");

        assertEquals(1, named.body().path("devices").size());
        assertEquals(
                second.id().value(), named.body().at("/devices/0/device_id").asLong());
        assertEquals(4, digest.body().path("opk_ids").size());
        assertEquals(0, unknown.body().path("devices").size());
        assertEquals(2, all.body().path("devices").size());
    }

    @Test
    void neverHandsOutAKeyTwice() {
        TestAccount target = TestAccount.anybody();
        accounts.register(target, target.device().prekeys(100, 40));
        List<SignedIn> asking = Stream.generate(accounts::newcomer).limit(8).toList();

        List<Answer> bundles = Stream.iterate(0, i -> i + 1)
                .limit(64)
                .map(i -> rest.call(
                        "GET", path(target, ""), asking.get(i % 8).tokens().auth(), null))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        Set<String> opks = new HashSet<>();
        Set<String> pqos = new HashSet<>();
        for (Answer bundle : bundles) {
            assertEquals(200, bundle.status(), bundle.body().toString());
            assertTrue(opks.add(bundle.body().at("/devices/0/opk").asText()));
            if (kind(bundle, "pq") == KIND_PQO) {
                assertTrue(pqos.add(bundle.body().at("/devices/0/pq").asText()));
            }
        }
        assertEquals(64, opks.size());
        assertTrue(pqos.size() >= 31, "31 PQO go before the stock is low, then 8 requesters get one more at most");
    }

    @Test
    void rationsALowStockThenServesTheLastResort() {
        TestAccount target = TestAccount.anybody();
        accounts.register(target, target.device().prekeys(3, 1));
        SignedIn first = accounts.newcomer();
        SignedIn second = accounts.newcomer();

        Answer one = bundle(first, target, "");
        Answer oneAgain = bundle(first, target, "");
        Answer other = bundle(second, target, "");

        assertTrue(one.body().at("/devices/0").has("opk"));
        assertEquals(KIND_PQO, kind(one, "pq"));
        assertFalse(oneAgain.body().at("/devices/0").has("opk"), "a requester gets one of a low stock in a week");
        assertEquals(KIND_PQL, kind(oneAgain, "pq"));
        assertTrue(other.body().at("/devices/0").has("opk"));
        assertEquals(KIND_PQL, kind(other, "pq"), "the only PQO is gone");
    }

    @Test
    void rationsRequestsAtTheSameMomentToo() {
        TestAccount target = TestAccount.anybody();
        accounts.register(target, target.device().prekeys(9, 9));
        SignedIn asking = accounts.newcomer();

        long withOpk = Stream.generate(
                        () -> rest.call("GET", path(target, ""), asking.tokens().auth(), null))
                .limit(6)
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .filter(bundle -> bundle.body().at("/devices/0").has("opk"))
                .count();

        assertEquals(1, withOpk);
    }

    @Test
    void doesNotKnowAnAccountThatIsNotThere() {
        SignedIn asking = accounts.newcomer();

        Answer unknown = bundle(asking, TestAccount.anybody(), "");
        Answer malformed =
                rest.get(KEYS + "/accounts/short/bundle", asking.tokens().auth());

        assertEquals(404, unknown.status());
        assertEquals("not-found", unknown.problem());
        assertEquals(404, malformed.status());
    }

    @Test
    void refusesWhatIsNoDeviceId() {
        SignedIn asking = accounts.newcomer();

        for (String device : new String[] {"0", "-1", "4294967296", "first"}) {
            Answer refused = bundle(asking, asking.account(), "?device=" + device);
            assertEquals(400, refused.status(), device);
            assertEquals("malformed", refused.problem(), device);
        }
    }

    private Answer bundle(SignedIn asking, TestAccount target, String query) {
        return rest.get(path(target, query), asking.tokens().auth());
    }

    private static String path(TestAccount target, String query) {
        return KEYS + "/accounts/" + target.id().base64url() + "/bundle" + query;
    }

    private static int kind(Answer bundle, String field) {
        return Base64.getUrlDecoder()
                .decode(bundle.body().at("/devices/0/" + field).asText())[0];
    }
}
