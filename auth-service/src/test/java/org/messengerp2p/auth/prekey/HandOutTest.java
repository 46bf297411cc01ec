package org.messengerp2p.auth.prekey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AtOnce;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.AccountClient.Tokens;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

/** One-time keys under many hands: none twice, and a low stock rationed to the letter (MP2P/1 §20). */
@QuarkusTest
class HandOutTest extends AuthServiceTest {
    private static final int LOW = 10;

    @Inject
    OneTimeKeys oneTimeKeys;

    @Test
    void givesSixtyFourAccountsAtOnceAsManyKeysThenRationsTheRest() {
        TestAccount target = TestAccount.anybody();
        TestDevice device = target.device();
        byte[] lastResort = device.prekey(TestDevice.PQL, 7);
        List<byte[]> first = Stream.concat(
                        Stream.of(device.prekey(TestDevice.SPK, 7), lastResort), device.oneTimeKeys(100, 40).stream())
                .toList();
        accounts.register(target, first);
        append(target, device.oneTimeKeys(0, 40));
        List<SignedIn> askers = newcomers(64);

        List<Answer> bundles = AtOnce.send(askers, asker -> fetched(asker, target));

        assertEquals(64, distinct(bundles, "opk", TestDevice.OPK));
        assertEquals(64, distinct(bundles, "pq", TestDevice.PQO));
        Stock opks = new Stock(36);
        Stock pqos = new Stock(16);
        for (SignedIn asker : askers) {
            for (int again = 0; again < 2; again++) {
                Answer bundle = fetched(asker, target).join();
                assertEquals(opks.gives(asker), kind(bundle, "opk") == TestDevice.OPK, "OPK of " + opks);
                assertEquals(pqos.gives(asker), kind(bundle, "pq") == TestDevice.PQO, "PQO of " + pqos);
            }
        }
        for (Answer bundle : AtOnce.send(askers, asker -> fetched(asker, target))) {
            assertEquals(0, kind(bundle, "opk"));
            assertEquals(text(lastResort), bundle.body().at("/devices/0/pq").asText());
        }
    }

    @Test
    void rationsFromTheTenthLastKeyOnAlsoWhenAllAskAtOnce() {
        TestAccount target = TestAccount.anybody();
        accounts.register(target, target.device().prekeys(LOW, 0));
        List<SignedIn> askers = newcomers(16);

        List<Answer> bundles = AtOnce.send(askers, asker -> fetched(asker, target));

        List<SignedIn> takers = askers.stream()
                .filter(asker -> kind(bundles.get(askers.indexOf(asker)), "opk") == TestDevice.OPK)
                .toList();
        assertEquals(LOW, takers.size());
        append(target, target.device().oneTimeKeys(LOW - 1, 0));
        long again = AtOnce.send(takers, asker -> fetched(asker, target)).stream()
                .filter(bundle -> kind(bundle, "opk") == TestDevice.OPK)
                .count();
        assertEquals(1, again, "who took the tenth last; the stock was not low before");
    }

    @Test
    void takesBackWhatATransactionThatFailsHasHandedOut() throws Throwable {
        SignedIn target = accounts.newcomer();
        SignedIn asker = accounts.newcomer();
        Answer before = rest.get(KEYS + "/prekeys/digest", target.tokens().auth());

        assertThrows(
                IllegalStateException.class,
                () -> VertxContextSupport.subscribeAndAwait(() -> Panache.withTransaction(() -> oneTimeKeys
                        .take(asker.account().id(), target.account().device().device())
                        .invoke(taken -> assertEquals(2, taken.size()))
                        .chain(taken -> Uni.createFrom().failure(new IllegalStateException("after the hand-out"))))));

        assertEquals(
                before.body(),
                rest.get(KEYS + "/prekeys/digest", target.tokens().auth()).body());
        Answer bundle = fetched(asker, target.account()).join();
        assertEquals(TestDevice.OPK, kind(bundle, "opk"), "its ration is not used up");
        assertEquals(TestDevice.PQO, kind(bundle, "pq"));
    }

    /** What is left of one kind, by the rule. */
    private static final class Stock {
        private int left;
        private final Set<SignedIn> rationed = new HashSet<>();

        Stock(int left) {
            this.left = left;
        }

        boolean gives(SignedIn asker) {
            boolean given = left >= LOW || left > 0 && rationed.add(asker);
            left -= given ? 1 : 0;
            return given;
        }

        @Override
        public String toString() {
            return left + " left";
        }
    }

    private List<SignedIn> newcomers(int count) {
        return Stream.generate(accounts::newcomer).limit(count).toList();
    }

    private void append(TestAccount account, List<byte[]> records) {
        Tokens tokens = accounts.tokens(account.device());
        Answer answer = rest.post(
                KEYS + "/prekeys",
                tokens.auth(),
                Map.of("records", records.stream().map(HandOutTest::text).toList()));
        assertEquals(200, answer.status(), answer.body().toString());
    }

    private CompletableFuture<Answer> fetched(SignedIn asker, TestAccount target) {
        return rest.call(
                "GET",
                KEYS + "/accounts/" + target.id().base64url() + "/bundle",
                asker.tokens().auth(),
                null);
    }

    private static long distinct(List<Answer> bundles, String field, int kind) {
        assertTrue(bundles.stream().allMatch(bundle -> kind(bundle, field) == kind));
        return bundles.stream()
                .map(bundle -> bundle.body().at("/devices/0/" + field).asText())
                .distinct()
                .count();
    }

    /** 0 where there is none. */
    private static int kind(Answer bundle, String field) {
        assertEquals(200, bundle.status(), bundle.body().toString());
        byte[] record = bundle.body().at("/devices/0").has(field)
                ? Base64.getUrlDecoder()
                        .decode(bundle.body().at("/devices/0/" + field).asText())
                : new byte[1];
        return record[0];
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
