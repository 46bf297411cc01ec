package org.messengerp2p.standalone.inprocess;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.health.SmallRyeHealthReporter;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.messengerp2p.standalone.launch.StandaloneResource;
import org.messengerp2p.testkit.AccountClient;
import org.messengerp2p.testkit.Readiness;
import org.messengerp2p.testkit.RestClient;

/** What the contracts between services share: both sides run, and calls are made as the services make them. */
@WithTestResource(StandaloneResource.class)
abstract class ContractTest {

    @TestHTTPResource("/")
    URI root;

    @Inject
    SmallRyeHealthReporter health;

    RestClient rest;
    AccountClient accounts;

    @BeforeEach
    void connect() throws InterruptedException {
        Readiness.await(health);
        rest = new RestClient(root);
        accounts = new AccountClient(rest, "localhost");
    }

    /** On a context of its own, as a request has one. */
    static <T> T answer(Supplier<Uni<T>> call) throws Throwable {
        return VertxContextSupport.subscribeAndAwait(call);
    }
}
