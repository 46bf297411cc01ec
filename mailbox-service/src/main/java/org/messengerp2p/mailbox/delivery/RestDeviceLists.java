package org.messengerp2p.mailbox.delivery;

import io.quarkus.arc.DefaultBean;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.internal.InternalSecret;
import org.messengerp2p.mailbox.MailboxSettings;

/** {@link DeviceLists} by HTTP, where auth-service is a process of its own. */
@ApplicationScoped
@DefaultBean
public class RestDeviceLists implements DeviceLists {

    private final Client client;
    private final InternalSecret secret;

    RestDeviceLists(MailboxSettings settings, InternalSecret secret) {
        this.client = QuarkusRestClientBuilder.newBuilder()
                .baseUri(settings.authInternalUrl())
                .connectTimeout(settings.askTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .readTimeout(settings.askTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .build(Client.class);
        this.secret = secret;
    }

    @Override
    public Uni<Optional<DeviceDirectoryEntry>> of(AccountId account) {
        return client.get(secret.authorization(), account.base64url())
                .map(Optional::of)
                .onFailure(RestDeviceLists::isAbsent)
                .recoverWithItem(Optional.empty());
    }

    private static boolean isAbsent(Throwable failure) {
        return failure instanceof WebApplicationException answer
                && answer.getResponse().getStatus() == 404;
    }

    /** The call as auth-service serves it. */
    @Path("/internal/v1/devices")
    public interface Client {

        @GET
        @Path("/{account}")
        @Produces(MediaType.APPLICATION_JSON)
        Uni<DeviceDirectoryEntry> get(
                @HeaderParam("Authorization") String authorization, @PathParam("account") String account);
    }
}
