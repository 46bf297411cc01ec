package org.messengerp2p.mailbox.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.kit.internal.InternalEndpoint;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * What auth-service tells, answered 204 after the commit: {@code PUT /internal/v1/devices/{account}} with
 * {list_version, devices, removed}, and {@code DELETE} there for an account that has ended.
 */
@ApplicationScoped
public class DirectoryEndpoint implements InternalEndpoint {

    private final DeviceDirectory directory;
    private final ObjectMapper json;

    DirectoryEndpoint(DeviceDirectory directory, ObjectMapper json) {
        this.directory = directory;
        this.json = json;
    }

    @Override
    public void register(Router router) {
        router.put("/internal/v1/devices/:account").handler(this::accept);
        router.delete("/internal/v1/devices/:account").handler(this::end);
    }

    private void accept(RoutingContext call) {
        AccountId account;
        Notice notice;
        try {
            account = AccountId.parse(call.pathParam("account"));
            notice = requireNotNull(json.readValue(call.body().asString(), Notice.class));
        } catch (IllegalArgumentException | JsonProcessingException malformed) {
            call.response().setStatusCode(400).end();
            return;
        }
        answer(call, directory.accept(account, notice.listVersion(), notice.devices(), notice.removed()));
    }

    private void end(RoutingContext call) {
        AccountId account;
        try {
            account = AccountId.parse(call.pathParam("account"));
        } catch (IllegalArgumentException malformed) {
            call.response().setStatusCode(400).end();
            return;
        }
        answer(call, directory.end(account));
    }

    private static void answer(RoutingContext call, Uni<Void> done) {
        done.subscribe().with(nothing -> call.response().setStatusCode(204).end(), failure -> refuse(call, failure));
    }

    /** The JSON {@code null} is read as null. */
    private static Notice requireNotNull(Notice notice) {
        if (notice == null) {
            throw new IllegalArgumentException("a notice is an object");
        }
        return notice;
    }

    private static void refuse(RoutingContext call, Throwable failure) {
        if (failure instanceof ProblemException problem) {
            call.response().setStatusCode(problem.type().status()).end();
        } else if (failure instanceof IllegalArgumentException) {
            call.response().setStatusCode(400).end();
        } else {
            call.fail(failure);
        }
    }

    /** Body of the call, as auth-service sends it. */
    record Notice(long listVersion, List<DeviceId> devices, List<DeviceId> removed) {

        Notice {
            new DeviceDirectoryEntry(listVersion, devices);
            removed = removed == null ? List.of() : List.copyOf(removed);
        }
    }
}
