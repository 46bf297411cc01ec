package org.messengerp2p.auth.device;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.internal.InternalEndpoint;

/** {@code GET /internal/v1/devices/{account}} → {list_version, devices}, or 404. */
@ApplicationScoped
public class DevicesEndpoint implements InternalEndpoint {
    private final PublishedDeviceLists lists;
    private final ObjectMapper json;

    DevicesEndpoint(PublishedDeviceLists lists, ObjectMapper json) {
        this.lists = lists;
        this.json = json;
    }

    @Override
    public void register(Router router) {
        router.get("/internal/v1/devices/:account").handler(this::answer);
    }

    private void answer(RoutingContext call) {
        AccountId account;
        try {
            account = AccountId.parse(call.pathParam("account"));
        } catch (IllegalArgumentException malformed) {
            call.response().setStatusCode(400).end();
            return;
        }
        lists.of(account).subscribe().with(found -> answer(call, found), call::fail);
    }

    private void answer(RoutingContext call, Optional<PublishedDeviceLists.Published> found) {
        if (found.isEmpty()) {
            call.response().setStatusCode(404).end();
            return;
        }
        try {
            call.response().putHeader("Content-Type", "application/json").end(json.writeValueAsString(found.get()));
        } catch (JsonProcessingException impossible) {
            call.fail(impossible);
        }
    }
}
