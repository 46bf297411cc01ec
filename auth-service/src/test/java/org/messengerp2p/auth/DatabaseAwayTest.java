package org.messengerp2p.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.messengerp2p.testkit.InternalSecretResource;
import org.messengerp2p.testkit.PostgresResource;
import org.messengerp2p.testkit.RestClient;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;

/** A service that has started and whose database is away since. */
@QuarkusTest
@TestProfile(DatabaseAwayTest.NobodyListens.class)
class DatabaseAwayTest {
    @TestHTTPResource("/")
    URI service;

    @Test
    void saysThatItIsUnavailableAndWhenToComeAgain() {
        RestClient rest = new RestClient(service);

        Answer read = rest.get("/api/auth/v1/login/parameters?username=alice", null);
        Answer write = rest.post(
                "/api/auth/v1/challenge",
                null,
                Map.of("account_id", TestAccount.anybody().id().base64url(), "device_id", 1));
        Answer login =
                rest.post("/api/auth/v1/login", null, Map.of("username", "alice", "auth_secret", "A".repeat(42) + "E"));

        for (Answer answer : List.of(read, write, login)) {
            assertEquals(503, answer.status(), answer.body().toString());
            assertEquals("unavailable", answer.problem());
            assertTrue(answer.header("Retry-After").isPresent());
        }
    }

    /** Migrations reach the database, requests do not. */
    public static class NobodyListens implements QuarkusTestProfile {
        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(
                    new TestResourceEntry(MigrationsOnly.class, Map.of("datasource", "auth")),
                    new TestResourceEntry(InternalSecretResource.class),
                    new TestResourceEntry(SecretFolder.class));
        }
    }

    /** A database whose reactive address leads nowhere. */
    public static class MigrationsOnly extends PostgresResource {
        @Override
        public Map<String, String> start() {
            Map<String, String> settings = new HashMap<>(super.start());
            settings.put("quarkus.datasource.auth.reactive.url", "postgresql://127.0.0.1:1/auth");
            return settings;
        }
    }
}
