package org.messengerp2p.standalone.removal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.AccountClient.Tokens;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.SocketProbe;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

/** Afterwards no row, key or channel names the account, but for what is told here. */
@QuarkusTest
class DeletedAccountTest extends RemovalTest {
    /** By whom a socket is closed that a live token could open again; empty after 70 minutes. */
    private static final String REVOKED = "auth revoked_device";

    /** Says for ever which lists there were, to whoever checks it; no name, and no key but by its hash. */
    private static final String KEY_LEAF = "auth key_leaf";

    @Test
    @Timeout(120)
    void isNamedNowhere() throws Exception {
        SignedIn other = accounts.newcomer();
        SignedIn person = accounts.newcomer();
        TestAccount account = person.account();
        TestDevice second = addDevice(account).device();
        Tokens tokens = accounts.tokens(second);
        Pattern its = Traces.of(account, account.device(), second);
        Pattern others = Traces.of(other.account(), other.account().device());
        giveEverything(person, second, other);

        try (SocketProbe first = socket(person.tokens().signaling());
                SocketProbe further = socket(tokens.signaling());
                SocketProbe watcher = socket(other.tokens().signaling())) {
            first.next("presence");
            further.next("presence");
            watcher.next("presence");
            watch(watcher, account);
            watcher.next("presence");
            awaitOnTheBus(its, Set.of("bus keys", "bus channels"));
            assertTrue(
                    traces.places(its)
                            .containsAll(Set.of(
                                    "auth account",
                                    "auth credential",
                                    "auth device",
                                    "auth device_list",
                                    "auth pending_token",
                                    "auth prekey",
                                    "auth retired_prekey",
                                    "auth vault",
                                    "mailbox recipient",
                                    "mailbox mailbox",
                                    "mailbox envelope",
                                    "bus keys",
                                    "bus channels")),
                    () -> "the search finds what is there: " + places(its));
            Map<String, List<String>> before = rowsOf(others);

            expect(204, accounts.deleteAccount(person.tokens().auth(), account.authSecret()));

            // At once, but for the sockets, whose ends are awaited.
            assertEquals(Set.of(), inDatabases(its));
            assertEquals(4401, first.end().code());
            assertEquals(4401, further.end().code());
            watcher.next("presence");
            // Who shows a token of the account names it, and is heard until it shows it no more.
            watchNobody(watcher);
            awaitOnTheBus(its, Set.of());
            assertEquals(before, rowsOf(others));
        }
        endsEveryToken(tokens);
        assertEquals(Set.of(), inDatabases(its), "not by what its tokens asked for either");
        expect(200, rest.get(MAILBOX + "/collect", other.tokens().mailbox()));
    }

    private void endsEveryToken(Tokens tokens) {
        assertEquals("token-invalid", rest.get(AUTH + "/vault", tokens.auth()).problem());
        assertEquals(
                "device-revoked",
                rest.get(MAILBOX + "/collect", tokens.mailbox()).problem());
        try (SocketProbe again = socket(tokens.signaling())) {
            assertEquals(4401, again.end().code());
        }
    }

    private void giveEverything(SignedIn person, TestDevice second, SignedIn other) {
        TestAccount account = person.account();
        expect(200, bundle(other, account));
        expect(200, bundle(person, other.account()));
        permitDelivery(person.tokens().mailbox());
        expect(200, leaveAnEnvelope(other, account, 2, account.device(), second));
        expect(200, leaveAnEnvelope(person, other.account(), 1, other.account().device()));
        accounts.challenge(second);
        accounts.pendingToken(account);
        expect(
                204,
                rest.put(
                        AUTH + "/vault",
                        person.tokens().auth(),
                        Map.of("vault", base64url(account.vault(accounts.serverSalt(account.username()), 2)))));
    }

    private Set<String> inDatabases(Pattern its) throws SQLException {
        Set<String> places = new TreeSet<>(traces.places(its));
        places.removeIf(place -> place.startsWith("bus ") || place.equals(REVOKED) || place.equals(KEY_LEAF));
        return places;
    }

    /** What others keep: rows, not sockets. */
    private Map<String, List<String>> rowsOf(Pattern others) throws SQLException {
        Map<String, List<String>> rows = new TreeMap<>(traces.found(others));
        rows.keySet().removeIf(place -> place.startsWith("bus "));
        return rows;
    }

    /** A claim of presence, and its end, go to the bus after what the socket is told. */
    private void awaitOnTheBus(Pattern its, Set<String> wanted) throws InterruptedException {
        Eventually.isTrue("on the bus is " + wanted, () -> {
            Set<String> places = new TreeSet<>(places(its));
            places.removeIf(place -> !place.startsWith("bus "));
            return places.equals(wanted);
        });
    }

    private Set<String> places(Pattern its) {
        try {
            return traces.places(its);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
