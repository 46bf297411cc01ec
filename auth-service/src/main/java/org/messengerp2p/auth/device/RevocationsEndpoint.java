package org.messengerp2p.auth.device;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.messengerp2p.kit.internal.InternalEndpoint;

/** {@code GET /internal/v1/revocations?since={cursor}} → {devices: [{account, device}], next, more}. */
@ApplicationScoped
public class RevocationsEndpoint implements InternalEndpoint {
    private final PublishedRevocations revocations;
    private final ObjectMapper json;

    RevocationsEndpoint(PublishedRevocations revocations, ObjectMapper json) {
        this.revocations = revocations;
        this.json = json;
    }

    @Override
    public void register(Router router) {
        router.get("/internal/v1/revocations").handler(this::answer);
    }

    private void answer(RoutingContext call) {
        Optional<String> since = Optional.ofNullable(call.request().getParam("since"));
        try {
            revocations.since(since).subscribe().with(page -> answer(call, page), call::fail);
        } catch (IllegalArgumentException malformed) {
            call.response().setStatusCode(400).end();
        }
    }

    private void answer(RoutingContext call, PublishedRevocations.Page page) {
        try {
            call.response().putHeader("Content-Type", "application/json").end(json.writeValueAsString(page));
        } catch (JsonProcessingException impossible) {
            call.fail(impossible);
        }
    }
}
