package org.messengerp2p.auth;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.inject.Inject;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.messengerp2p.testkit.AccountClient;
import org.messengerp2p.testkit.InternalSecretResource;
import org.messengerp2p.testkit.PostgresResource;
import org.messengerp2p.testkit.Readiness;
import org.messengerp2p.testkit.RestClient;
import org.messengerp2p.testkit.openapi.ApiDocument;
import org.messengerp2p.testkit.openapi.DocumentedAnswers;

/** The service as it runs, on a real database, called over HTTP. */
@QuarkusTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "datasource", value = "auth"))
@QuarkusTestResource(InternalSecretResource.class)
@QuarkusTestResource(SecretFolder.class)
@QuarkusTestResource(MailboxProbe.class)
public abstract class AuthServiceTest {
    protected static final String AUTH = "/api/auth/v1";
    protected static final String KEYS = "/api/keys/v1";
    protected static final ApiDocument DOCUMENT = ApiDocument.of("auth-service");

    @TestHTTPResource("/")
    protected URI service;

    protected RestClient rest;
    protected AccountClient accounts;

    @Inject
    SmallRyeHealthReporter health;

    @BeforeEach
    void connect() throws InterruptedException {
        Readiness.await(health);
        rest = new RestClient(service, new DocumentedAnswers(DOCUMENT));
        accounts = new AccountClient(rest, "localhost");
    }
}
