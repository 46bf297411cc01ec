package org.messengerp2p.auth.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.kit.internal.InternalListener;
import org.messengerp2p.testkit.InternalSecretResource;
import org.messengerp2p.testkit.RestClient;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;

/** What mailbox-service asks, over the listener that only services reach. */
@QuarkusTest
class DevicesEndpointTest extends AuthServiceTest {
    @Inject
    InternalListener listener;

    @Test
    void tellsTheDevicesOfAnAccount() {
        TestAccount account = accounts.newcomer().account();

        Answer answer = ask(account.id().base64url(), InternalSecretResource.SECRET);

        assertEquals(
                "{\"list_version\":1,\"devices\":[" + account.device().id().value() + "]}",
                answer.body().toString());
    }

    @Test
    void knowsNoOtherAccount() {
        assertEquals(
                404,
                ask(TestAccount.anybody().id().base64url(), InternalSecretResource.SECRET)
                        .status());
        assertEquals(400, ask("short", InternalSecretResource.SECRET).status());
    }

    @Test
    void refusesWhoHasNotTheSecret() {
        String account = accounts.newcomer().account().id().base64url();

        assertEquals(401, ask(account, null).status());
        assertEquals(401, ask(account, "0".repeat(32)).status());
        assertEquals(
                404,
                rest.get("/internal/v1/devices/" + account, InternalSecretResource.SECRET)
                        .status());
    }

    private Answer ask(String account, String secret) {
        return new RestClient(URI.create("http://127.0.0.1:" + listener.port()))
                .get("/internal/v1/devices/" + account, secret);
    }
}
