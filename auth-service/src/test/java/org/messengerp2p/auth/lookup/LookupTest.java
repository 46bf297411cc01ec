package org.messengerp2p.auth.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;

@QuarkusTest
class LookupTest extends AuthServiceTest {
    @Test
    void tellsWhoseANameIs() {
        SignedIn asking = accounts.newcomer();
        TestAccount wanted = accounts.newcomer().account();

        Answer found = rest.get(
                AUTH + "/usernames/" + wanted.username().toUpperCase(),
                asking.tokens().auth());
        Answer unknown =
                rest.get(AUTH + "/usernames/nobody-has-this", asking.tokens().auth());
        Answer impossible = rest.get(AUTH + "/usernames/x", asking.tokens().auth());

        assertEquals(wanted.id().base64url(), found.text("account_id"));
        assertEquals(404, unknown.status());
        assertEquals("not-found", unknown.problem());
        assertEquals(unknown.body(), impossible.body());
    }

    @Test
    void givesTheNewestListOrAllFromAVersionOn() {
        SignedIn signedIn = accounts.newcomer();
        TestAccount account = signedIn.account();
        byte[] second = account.listAfter(account.firstList(), account.device());
        byte[] third = account.listAfter(second, account.device());
        accounts.putDevices(signedIn.tokens().auth(), second, null);
        accounts.putDevices(signedIn.tokens().auth(), third, null);
        String asking = accounts.newcomer().tokens().auth();

        Answer newest = rest.get(lists(account), asking);
        Answer all = rest.get(lists(account) + "?from=1", asking);
        Answer fromThird = rest.get(lists(account) + "?from=3", asking);
        Answer above = rest.get(lists(account) + "?from=4", asking);

        assertEquals(1, newest.body().path("dlcs").size());
        assertEquals(text(third), newest.body().at("/dlcs/0").asText());
        assertEquals(3, all.body().path("dlcs").size());
        assertEquals(text(account.firstList()), all.body().at("/dlcs/0").asText());
        assertEquals(text(second), all.body().at("/dlcs/1").asText());
        assertEquals(1, fromThird.body().path("dlcs").size());
        assertEquals(0, above.body().path("dlcs").size());
    }

    @Test
    void refusesWhatIsNoListVersion() {
        SignedIn asking = accounts.newcomer();

        for (String from : new String[] {"0", "-1", "%2B1", "01", "4294967296", "newest"}) {
            Answer refused = rest.get(
                    lists(asking.account()) + "?from=" + from, asking.tokens().auth());
            assertEquals(400, refused.status(), from);
            assertEquals("malformed", refused.problem(), from);
        }
    }

    @Test
    void knowsNoListOfAnAccountThatIsNotThere() {
        SignedIn asking = accounts.newcomer();

        Answer unknown = rest.get(lists(TestAccount.anybody()), asking.tokens().auth());

        assertEquals(404, unknown.status());
        assertEquals("not-found", unknown.problem());
    }

    private static String lists(TestAccount account) {
        return AUTH + "/accounts/" + account.id().base64url() + "/dlc";
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
