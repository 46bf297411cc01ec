package org.messengerp2p.mailbox.delivery;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.mailbox.MailboxProblem;
import org.messengerp2p.mailbox.Refuses;

/** Envelopes in, and the token by which contacts may bring them. */
@Path("/api/mailbox/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class DeliveryResource {

    private final Delivery delivery;
    private final DeliveryTokens tokens;
    private final SecurityIdentity identity;

    DeliveryResource(Delivery delivery, DeliveryTokens tokens, SecurityIdentity identity) {
        this.delivery = delivery;
        this.tokens = tokens;
        this.identity = identity;
    }

    @POST
    @Path("/deliver")
    @PermitAll
    @Operation(operationId = "deliver", summary = "Store envelopes by the recipient's delivery token, without a sender")
    @Refuses(
            value = {MailboxProblem.DELIVERY_TOKEN, MailboxProblem.LIST_VERSION, MailboxProblem.STORAGE_FULL},
            common = CommonProblem.RATE_LIMITED)
    public Uni<DeliveryAnswer> deliver(DeliverRequest request, @Context HttpServerRequest call) {
        return delivery.deliver(required(request), AddressPrefix.of(call.remoteAddress()));
    }

    @POST
    @Path("/messages")
    @RolesAllowed(Audience.MAILBOX)
    @Operation(operationId = "messages", summary = "Store envelopes as the calling device")
    @Refuses(
            value = {MailboxProblem.LIST_VERSION, MailboxProblem.STORAGE_FULL},
            common = {CommonProblem.NOT_FOUND, CommonProblem.RATE_LIMITED})
    public Uni<DeliveryAnswer> messages(MessagesRequest request) {
        return delivery.send(Caller.of(identity).requireDevice(), required(request));
    }

    @PUT
    @Path("/delivery-token")
    @RolesAllowed(Audience.MAILBOX)
    @Operation(operationId = "deliveryToken", summary = "Set the delivery token of the account")
    @Refuses(value = MailboxProblem.STORAGE_FULL, common = CommonProblem.RATE_LIMITED)
    public Uni<Void> deliveryToken(DeliveryTokenRequest request) {
        DeliveryTokenHash hash = new DeliveryTokenHash(required(request).hash());
        return tokens.put(Caller.of(identity).requireDevice(), hash);
    }

    /** An empty body and the JSON {@code null} come as null. */
    private static <T> T required(T body) {
        if (body == null) {
            throw ProblemException.of(CommonProblem.MALFORMED, "The request has no body.");
        }
        return body;
    }
}
