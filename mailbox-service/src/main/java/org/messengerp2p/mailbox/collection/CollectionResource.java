package org.messengerp2p.mailbox.collection;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.mailbox.DeviceLimits;
import org.messengerp2p.mailbox.MailboxProblem;
import org.messengerp2p.mailbox.Refuses;

/** Envelopes out, for the device that the token names and for no other. */
@Path("/api/mailbox/v1")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Audience.MAILBOX)
public class CollectionResource {

    private final Collection collection;
    private final DeviceLimits limits;
    private final SecurityIdentity identity;

    CollectionResource(Collection collection, DeviceLimits limits, SecurityIdentity identity) {
        this.collection = collection;
        this.limits = limits;
        this.identity = identity;
    }

    @GET
    @Path("/collect")
    @Operation(operationId = "collect", summary = "A page of what waits for the calling device")
    @Refuses(common = {CommonProblem.MALFORMED, CommonProblem.RATE_LIMITED})
    public Uni<CollectedPage> collect(
            @Parameter(description = "only what is behind this", schema = @Schema(ref = "Cursor")) @QueryParam("after")
                    String after,
            @Parameter(description = "at most so many", schema = @Schema(ref = "PageSize")) @QueryParam("limit")
                    String limit) {
        return collection.collect(caller(), cursor(after), limit(limit));
    }

    @POST
    @Path("/ack")
    @Operation(operationId = "ack", summary = "Delete what the calling device has committed")
    @Refuses(value = MailboxProblem.STORAGE_FULL, common = CommonProblem.RATE_LIMITED)
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Void> ack(AckRequest request) {
        if (request == null) {
            throw malformed("The request has no body.");
        }
        return collection.acknowledge(caller(), request);
    }

    private Device caller() {
        Device caller = Caller.of(identity).requireDevice();
        limits.take(caller);
        return caller;
    }

    private static Cursor cursor(String after) {
        try {
            return after == null ? Cursor.START : Cursor.parse(after);
        } catch (IllegalArgumentException notOurs) {
            throw malformed("The cursor is not one of this service.");
        }
    }

    private static int limit(String limit) {
        try {
            int value = limit == null ? CollectedPage.MAX_ITEMS : Integer.parseInt(limit);
            if (value >= 1 && value <= CollectedPage.MAX_ITEMS) {
                return value;
            }
        } catch (NumberFormatException refusedBelow) {
            // the same answer as for a number out of bounds
        }
        throw malformed("The limit is a number from 1 to %d.".formatted(CollectedPage.MAX_ITEMS));
    }

    private static ProblemException malformed(String detail) {
        return ProblemException.of(CommonProblem.MALFORMED, detail);
    }
}
