package org.messengerp2p.auth;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.messengerp2p.testkit.TestAccount;

/** Whatever is asked, the metrics name calls and not who was asked about. */
@QuarkusTest
class MetricsTest extends AuthServiceTest {
    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    @Test
    void nameNoUserAndNoAccount() throws Exception {
        TestAccount account = TestAccount.anybody();
        String id = account.id().base64url();
        for (String method : new String[] {"GET", "POST", "DELETE", "PATCH", "OPTIONS"}) {
            for (String path : new String[] {
                AUTH + "/usernames/" + account.username(),
                AUTH + "/accounts/" + id + "/dlc",
                KEYS + "/accounts/" + id + "/bundle",
                KEYS + "/accounts/" + id + "/bundle/more",
                "/api/" + account.username()
            }) {
                rest.call(method, path, null, null).join();
            }
        }

        String page = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .body();

        assertTrue(page.contains("http_server_requests_seconds_count"), page);
        assertTrue(page.contains("uri=\"/api/auth/v1/usernames/{name}\""), page);
        assertFalse(page.contains(account.username()), page);
        assertFalse(page.contains(id), page);
    }
}
