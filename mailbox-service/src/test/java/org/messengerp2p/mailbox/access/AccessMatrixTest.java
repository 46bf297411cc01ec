package org.messengerp2p.mailbox.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.messengerp2p.testkit.access.AccessTable.cellOf;
import static org.messengerp2p.testkit.access.AccessTable.plain;
import static org.messengerp2p.testkit.access.AccessTable.sameBytes;

import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.MailboxApi;
import org.messengerp2p.mailbox.MailboxTest;
import org.messengerp2p.mailbox.access.Requests.Request;
import org.messengerp2p.mailbox.access.Scene.Caller;
import org.messengerp2p.mailbox.access.Scene.Target;
import org.messengerp2p.testkit.RestClient;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.access.AccessTable;
import org.messengerp2p.testkit.openapi.ApiDocument;
import org.messengerp2p.testkit.openapi.ApiDocument.Call;
import org.messengerp2p.testkit.openapi.DocumentedAnswers;

/**
 * Every call of the OpenAPI document by everybody who may come: who reaches what waits for the owner, and what is told
 * to whom of an account that does not exist.
 */
@QuarkusTest
class AccessMatrixTest extends MailboxTest {
    private static final ApiDocument DOCUMENT = ApiDocument.of("mailbox-service");

    /** One column for each {@link Caller} in order; {@code changes} where rows of the owner's account are others then. */
    private static final AccessTable TABLE = AccessTable.of(Caller.values().length, """
            GET  /api/mailbox/v1/openapi        | 200 | 200 same | 200 same | 200 same | 200 same | 200 same
            POST /api/mailbox/v1/deliver        | 200 changes | 200 changes | 200 changes | 200 changes | 200 changes | 200 changes
            POST /api/mailbox/v1/messages       | 200 changes | 200 changes | 200 changes | 401 device-revoked | 401 token-invalid | 401 token-invalid
            GET  /api/mailbox/v1/collect        | 200 | 200 own | 200 own | 401 device-revoked | 401 token-invalid | 401 token-invalid
            POST /api/mailbox/v1/ack            | 204 changes | 204 | 204 | 401 device-revoked | 401 token-invalid | 401 token-invalid
            PUT  /api/mailbox/v1/delivery-token | 204 changes | 204 changes | 204 | 401 device-revoked | 401 token-invalid | 401 token-invalid
            GET /api/mailbox/v1/archive/manifests | 200 | 200 same | 200 own | 401 device-revoked | 401 token-invalid | 401 token-invalid
            GET /api/mailbox/v1/archive/{device_id}/{gen}/segments | 200 | 200 same | 200 own | 401 device-revoked | 401 token-invalid | 401 token-invalid
            GET /api/mailbox/v1/archive/{device_id}/{gen}/{seg_no}/{rev} | 200 | 200 same | 404 not-found | 401 device-revoked | 401 token-invalid | 401 token-invalid
            PUT /api/mailbox/v1/archive/{device_id}/{gen}/{seg_no}/{rev} | 204 changes | 204 changes | 204 | 401 device-revoked | 401 token-invalid | 401 token-invalid
            PUT /api/mailbox/v1/archive/{device_id}/{gen}/manifest | 204 changes | 204 changes | 409 manifest-version | 401 device-revoked | 401 token-invalid | 401 token-invalid
            DELETE /api/mailbox/v1/archive | 204 changes | 204 changes | 204 | 401 device-revoked | 401 token-invalid | 401 token-invalid
            """);

    /** What is told of an account that does not exist, where that is another answer. */
    private static final Map<String, String> ABSENT = Map.of(
            "POST /api/mailbox/v1/messages", "404 not-found",
            "POST /api/mailbox/v1/deliver", "401 delivery-token",
            "GET /api/mailbox/v1/archive/{device_id}/{gen}/{seg_no}/{rev}", "404 not-found",
            "GET /api/mailbox/v1/archive/{device_id}/{gen}/segments", "200");

    @Test
    void tablesEveryCallOfTheDocument() {
        TABLE.requireEveryCallOf(DOCUMENT);
    }

    @Test
    void answersEveryCallerAsTabled() {
        List<String> faults = new ArrayList<>();
        for (Call call : DOCUMENT.calls()) {
            for (Caller caller : Caller.values()) {
                String expected = TABLE.cell(call, caller.ordinal());
                String got = cell(call, caller, expected);
                if (!got.equals(expected)) {
                    faults.add(call.name() + " by " + caller + ": " + got + " instead of " + expected);
                }
            }
        }
        assertEquals(List.of(), faults);
    }

    /** What the caller may not reach looks as if it were not there, to the byte. */
    @Test
    void answersAboutWhatIsForeignAsAboutWhatIsAbsent() {
        List<String> faults = new ArrayList<>();
        Scene scene = scene();
        for (Call call : DOCUMENT.calls()) {
            for (Caller caller : Caller.values()) {
                Answer absent = ask(call, scene, caller, scene.absent);
                String expected = TABLE.cell(call, caller.ordinal());
                if (ABSENT.containsKey(call.name()) && expected.startsWith("200")) {
                    assertEquals(ABSENT.get(call.name()), plain(absent), call.name() + " by " + caller);
                } else if (!expected.endsWith(" changes")
                        && !sameBytes(ask(call, scene, caller, scene.owner), absent)) {
                    faults.add(call.name() + " by " + caller + ": absent is " + plain(absent));
                }
            }
        }
        assertEquals(List.of(), faults);
    }

    private String cell(Call call, Caller caller, String expected) {
        Scene scene = scene();
        // What changes nothing may be asked twice.
        Answer owners = call.method().equals("GET") ? ask(call, scene, Caller.OWNER, scene.owner) : null;
        String before = rowsOf(scene.owner.device().account());
        Answer answer = ask(call, scene, caller, scene.owner);
        String changes = rowsOf(scene.owner.device().account()).equals(before) ? "" : " changes";
        return cellOf(answer, owners, expected) + changes;
    }

    private Answer ask(Call call, Scene scene, Caller caller, Target target) {
        Request request =
                Requests.of(call.name(), target).orElseThrow(() -> new AssertionError("no request for " + call.name()));
        Answer answer = new RestClient(root, new DocumentedAnswers(DOCUMENT))
                .call(call.method(), request.path(), scene.token(caller), request.body())
                .join();
        assertEquals(call, DOCUMENT.call(call.method(), answer.response().uri()).orElseThrow());
        return answer;
    }

    private Scene scene() {
        Scene scene = new Scene();
        Device owner = scene.owner.device();
        list(owner.account(), scene.owner.listVersion(), owner.device(), scene.second.device());
        list(scene.otherUser.account(), 1, scene.otherUser.device());
        api.putDeliveryToken(owner, scene.owner.token()).is(204);
        api.messages(owner, owner.account(), scene.owner.listVersion(), Addressed.to(owner, scene.owner.envelope()))
                .is(200);
        String series = "archive/" + owner.device().value() + "/1";
        String bytes = MailboxApi.base64url(scene.owner.envelope());
        api.put(series + "/0/0", scene.token(Caller.OWNER), "{\"segment\":\"" + bytes + "\"}")
                .is(204);
        api.put(series + "/manifest", scene.token(Caller.OWNER), "{\"man_no\":1,\"manifest\":\"" + bytes + "\"}")
                .is(204);
        return scene;
    }

    /** All that the database has of an account, whatever the table. */
    private String rowsOf(AccountId account) {
        StringBuilder rows = new StringBuilder();
        column("select table_name from information_schema.columns where column_name = 'account'"
                        + " and table_schema = 'public' order by table_name")
                .forEach(table -> column("select t::text from " + new String(table, StandardCharsets.UTF_8)
                                + " t where account = '" + account.value() + "' order by 1")
                        .forEach(row -> rows.append(new String(row, StandardCharsets.UTF_8))
                                .append('\n')));
        return rows.toString();
    }
}
