package org.messengerp2p.signaling.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.messengerp2p.testkit.access.AccessTable.cellOf;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.AuthDouble;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.RestClient;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestTokens;
import org.messengerp2p.testkit.access.AccessTable;
import org.messengerp2p.testkit.openapi.ApiDocument;
import org.messengerp2p.testkit.openapi.ApiDocument.Call;
import org.messengerp2p.testkit.openapi.DocumentedAnswers;

/** Every call of the OpenAPI document by everybody who may come. There are no servers in the settings of the tests. */
@QuarkusTest
class AccessMatrixTest extends LiveSocketTest {

    private static final ApiDocument DOCUMENT = ApiDocument.of("signaling-service");

    private enum Caller {
        DEVICE,
        REMOVED_DEVICE,
        SIGN_IN,
        ANONYMOUS,
        OTHER_SERVICE
    }

    private static final AccessTable TABLE = AccessTable.of(Caller.values().length, """
            GET /api/signaling/v1/openapi | 200 | 200 same           | 200 same          | 200 same          | 200 same
            GET /api/signaling/v1/ice     | 200 | 401 device-revoked | 401 token-invalid | 401 token-invalid | 401 token-invalid
            """);

    @TestHTTPResource("/")
    URI root;

    AuthDouble auth;

    @Test
    void tablesEveryCallOfTheDocument() {
        TABLE.requireEveryCallOf(DOCUMENT);
    }

    @Test
    void answersEveryCallerAsTabled() throws InterruptedException {
        Device device = newDevice();
        Device removed = newDevice();
        auth.remove(removed);
        auth.awaitTold();
        Map<Caller, String> tokens = Map.of(
                Caller.DEVICE, token(device),
                Caller.REMOVED_DEVICE, token(removed),
                Caller.SIGN_IN, TestTokens.pending(device.account()),
                Caller.OTHER_SERVICE, TestTokens.access(device, Audience.MAILBOX));
        RestClient rest = new RestClient(root, new DocumentedAnswers(DOCUMENT));

        List<String> faults = new ArrayList<>();
        for (Call call : DOCUMENT.calls()) {
            Answer first = rest.call(call.method(), call.path(), tokens.get(Caller.DEVICE), null)
                    .join();
            for (Caller caller : Caller.values()) {
                Answer answer = rest.call(call.method(), call.path(), tokens.get(caller), null)
                        .join();
                String expected = TABLE.cell(call, caller.ordinal());
                String got = cellOf(answer, first, expected);
                if (!got.equals(expected)) {
                    faults.add(call.name() + " by " + caller + ": " + got + " instead of " + expected);
                }
            }
        }
        assertEquals(List.of(), faults);
    }
}
