package org.messengerp2p.auth.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.messengerp2p.testkit.access.AccessTable.cellOf;
import static org.messengerp2p.testkit.access.AccessTable.plain;
import static org.messengerp2p.testkit.access.AccessTable.sameBytes;

import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.access.Requests.Request;
import org.messengerp2p.auth.access.Scene.Caller;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.access.AccessTable;
import org.messengerp2p.testkit.openapi.ApiDocument.Call;

/**
 * Every call of the OpenAPI document by everybody who may come: who reaches what of the owner's account, and what is
 * told to whom of an account that does not exist.
 */
@QuarkusTest
class AccessMatrixTest extends AuthServiceTest {
    /** One column for each {@link Caller} in order. */
    private static final AccessTable TABLE = AccessTable.of(Caller.values().length, """
            GET  /api/auth/v1/jwks                     | 200 | 200 same | 200 same | 200 same | 200 same | 200 same | 200 same | 200 same | 200 same
            GET  /api/auth/v1/openapi                  | 200 | 200 same | 200 same | 200 same | 200 same | 200 same | 200 same | 200 same | 200 same
            GET  /api/auth/v1/login/parameters         | 200 | 200 same | 200 same | 200 same | 200 same | 200 same | 200 same | 200 same | 200 same
            POST /api/auth/v1/accounts                 | 201 | 201 same | 201 same | 201 same | 201 same | 201 same | 201 same | 201 same | 201 same
            POST /api/auth/v1/login                    | 200 | 200 | 200 | 200 | 200 | 200 | 200 | 200 | 200
            POST /api/auth/v1/recover                  | 200 | 200 | 200 | 200 | 200 | 200 | 200 | 200 | 200
            POST /api/auth/v1/challenge                | 200 | 200 | 200 | 200 | 200 | 200 | 200 | 200 | 200
            POST /api/auth/v1/refresh                  | 200 | 200 | 200 | 200 | 200 | 200 | 200 | 200 | 200
            GET  /api/auth/v1/vault                    | 200 | 200 same | 200 own | 401 device-revoked | 401 token-invalid | 200 same | 403 forbidden | 200 own | 401 token-invalid
            PUT  /api/auth/v1/vault                    | 204 | 204 | 422 vault-header | 401 device-revoked | 401 token-invalid | 403 pending-token | 403 forbidden | 403 pending-token | 401 token-invalid
            PUT  /api/auth/v1/password                 | 200 | 200 | 401 credentials-wrong | 401 device-revoked | 401 token-invalid | 403 pending-token | 403 forbidden | 403 pending-token | 401 token-invalid
            POST /api/auth/v1/accounts/me/delete       | 204 | 204 | 401 credentials-wrong | 401 device-revoked | 401 token-invalid | 403 pending-token | 403 forbidden | 403 pending-token | 401 token-invalid
            PUT  /api/auth/v1/devices                  | 200 | 200 | 422 dlc-invalid | 401 device-revoked | 401 token-invalid | 200 | 403 forbidden | 422 dlc-invalid | 401 token-invalid
            GET  /api/auth/v1/usernames/{name}         | 200 | 200 same | 200 same | 401 device-revoked | 401 token-invalid | 403 pending-token | 403 forbidden | 403 pending-token | 401 token-invalid
            GET  /api/auth/v1/accounts/{account}/dlc   | 200 | 200 same | 200 same | 401 device-revoked | 401 token-invalid | 200 same | 200 same | 403 pending-token | 401 token-invalid
            GET  /api/keys/v1/accounts/{account}/bundle | 200 | 200 | 200 | 401 device-revoked | 401 token-invalid | 403 pending-token | 403 forbidden | 403 pending-token | 401 token-invalid
            GET  /api/keys/v1/kt/sth                   | 200 | 200 | 200 | 401 device-revoked | 401 token-invalid | 403 pending-token | 200 | 403 pending-token | 401 token-invalid
            GET  /api/keys/v1/kt/leaves                | 200 | 200 | 200 | 401 device-revoked | 401 token-invalid | 403 pending-token | 200 | 403 pending-token | 401 token-invalid
            GET  /api/keys/v1/prekeys/digest           | 200 | 200 own | 200 own | 401 device-revoked | 401 token-invalid | 403 pending-token | 403 forbidden | 403 pending-token | 401 token-invalid
            POST /api/keys/v1/prekeys                  | 200 | 422 prekey-invalid | 422 prekey-invalid | 401 device-revoked | 401 token-invalid | 403 pending-token | 403 forbidden | 403 pending-token | 401 token-invalid
            PUT  /api/keys/v1/prekeys                  | 200 | 422 prekey-invalid | 422 prekey-invalid | 401 device-revoked | 401 token-invalid | 403 pending-token | 403 forbidden | 403 pending-token | 401 token-invalid
            """);

    /** What a device of another account is told of one that does not exist, where that is another answer. */
    private static final Map<String, String> ABSENT = Map.of(
            "GET /api/auth/v1/usernames/{name}", "404 not-found",
            "GET /api/auth/v1/accounts/{account}/dlc", "404 not-found",
            "GET /api/keys/v1/accounts/{account}/bundle", "404 not-found",
            "POST /api/auth/v1/login", "401 credentials-wrong",
            "POST /api/auth/v1/recover", "401 credentials-wrong",
            "POST /api/auth/v1/refresh", "401 challenge-invalid");

    @Test
    void tablesEveryCallOfTheDocument() {
        TABLE.requireEveryCallOf(DOCUMENT);
    }

    @Test
    void answersEveryCallerAsTabled() {
        List<String> faults = new ArrayList<>();
        for (Call call : DOCUMENT.calls()) {
            Scene scene = new Scene(rest, accounts);
            Answer owners = null;
            for (Caller caller : Caller.values()) {
                Answer answer = ask(call, scene, caller, scene.owner);
                owners = owners == null ? answer : owners;
                String expected = TABLE.cell(call, caller.ordinal());
                String got = cellOf(answer, owners, expected);
                if (!got.equals(expected)) {
                    faults.add(call.name() + " by " + caller + ": " + got + " instead of " + expected);
                }
                if (answer.status() < 300 && changes(call)) {
                    scene = new Scene(rest, accounts);
                }
            }
        }
        assertEquals(List.of(), faults);
    }

    /** What the caller may not reach looks as if it were not there, to the byte. */
    @Test
    void answersAboutWhatIsForeignAsAboutWhatIsAbsent() {
        List<String> faults = new ArrayList<>();
        Scene scene = new Scene(rest, accounts);
        for (Call call : DOCUMENT.calls()) {
            for (Caller caller : Caller.values()) {
                Answer absent = ask(call, scene, caller, scene.absent);
                String expected = TABLE.cell(call, caller.ordinal());
                if (expected.startsWith("4")) {
                    Answer foreign = ask(call, scene, caller, scene.owner);
                    if (!sameBytes(foreign, absent)) {
                        faults.add(
                                call.name() + " by " + caller + ": " + foreign.body() + " but absent " + absent.body());
                    }
                } else if (ABSENT.containsKey(call.name()) && mayAsk(caller, expected, absent)) {
                    assertEquals(ABSENT.get(call.name()), plain(absent), call.name() + " by " + caller);
                }
            }
        }
        assertEquals(List.of(), faults);
    }

    /** The narrow tokens, whose own account is the owner's, are refused every other one. */
    private static boolean mayAsk(Caller caller, String expected, Answer absent) {
        if (expected.startsWith("200 same") && (caller == Caller.PENDING || caller == Caller.REVOKED_TOKEN)) {
            assertEquals(403, absent.status(), caller.toString());
            return false;
        }
        return true;
    }

    private Answer ask(Call call, Scene scene, Caller caller, TestAccount about) {
        Request request = Requests.of(call.name(), scene, caller, about)
                .orElseThrow(() -> new AssertionError("no request for " + call.name()));
        Answer answer = rest.call(call.method(), request.path(), scene.token(caller), request.body())
                .join();
        assertEquals(call, DOCUMENT.call(call.method(), answer.response().uri()).orElseThrow());
        return answer;
    }

    /** What comes without a token is the same again and again. */
    private static boolean changes(Call call) {
        return !call.method().equals("GET")
                && !call.operation().path("security").isEmpty();
    }
}
