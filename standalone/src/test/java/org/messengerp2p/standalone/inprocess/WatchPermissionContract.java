package org.messengerp2p.standalone.inprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.signaling.presence.ShownToken;
import org.messengerp2p.signaling.presence.WatchPermission;
import org.messengerp2p.testkit.AccountClient.SignedIn;

/** signaling-service asks mailbox-service which delivery tokens are right. */
abstract class WatchPermissionContract extends ContractTest {

    private final byte[] first = token();
    private final byte[] second = token();

    private SignedIn person;
    private AccountId account;

    abstract WatchPermission permission();

    @BeforeEach
    void setAToken() throws Throwable {
        person = accounts.newcomer();
        account = person.account().id();
        put(first);
    }

    @Test
    void theTokenOfTheAccountIsRightAndNoOther() throws Throwable {
        ShownToken right = new ShownToken(account, first);
        ShownToken wrong = new ShownToken(account, second);
        ShownToken ofNobody = new ShownToken(new AccountId(UUID.randomUUID()), first);

        assertEquals(Set.of(right), right(List.of(wrong, ofNobody, right)));
    }

    @Test
    void anAccountThatHasSetNoneHasNoneThatIsRight() throws Throwable {
        AccountId another = accounts.newcomer().account().id();

        assertEquals(Set.of(), right(List.of(new ShownToken(another, new byte[16]))));
    }

    @Test
    void aNewTokenTakesThePlaceOfTheOld() throws Throwable {
        put(second);

        ShownToken right = new ShownToken(account, second);
        assertEquals(Set.of(right), right(List.of(new ShownToken(account, first), right)));
    }

    @Test
    void anAccountThatHasEndedHasNoneThatIsRight() throws Throwable {
        assertEquals(
                204,
                accounts.deleteAccount(person.tokens().auth(), person.account().authSecret())
                        .status());

        assertEquals(Set.of(), right(List.of(new ShownToken(account, first))));
    }

    @Test
    void asManyMayBeAskedAboutAsItSays() throws Throwable {
        List<ShownToken> shown = new ArrayList<>();
        while (shown.size() < WatchPermission.MOST - 1) {
            shown.add(new ShownToken(new AccountId(UUID.randomUUID()), token()));
        }
        ShownToken right = new ShownToken(account, first);
        shown.add(right);

        assertEquals(Set.of(right), right(shown));
    }

    private Set<ShownToken> right(List<ShownToken> shown) throws Throwable {
        return answer(() -> permission().right(shown));
    }

    private void put(byte[] token) throws Exception {
        String hash = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(token));
        assertEquals(
                204,
                rest.put("/api/mailbox/v1/delivery-token", person.tokens().mailbox(), Map.of("hash", hash))
                        .status());
    }

    private static byte[] token() {
        byte[] token = new byte[16];
        new SecureRandom().nextBytes(token);
        return token;
    }
}
