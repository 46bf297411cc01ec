package org.messengerp2p.auth.device;

import io.quarkus.arc.DefaultBean;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.kit.internal.InternalSecret;

/** {@link MailboxDirectory} by HTTP, where mailbox-service is a process of its own. */
@ApplicationScoped
@DefaultBean
public class RestMailboxDirectory implements MailboxDirectory {
    private final Client client;
    private final InternalSecret secret;

    RestMailboxDirectory(DirectorySettings settings, InternalSecret secret) {
        this.client = QuarkusRestClientBuilder.newBuilder()
                .baseUri(settings.mailboxUrl())
                .connectTimeout(settings.callTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .readTimeout(settings.callTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .build(Client.class);
        this.secret = secret;
    }

    @Override
    public Uni<Void> put(AccountId account, long listVersion, List<DeviceId> devices, List<DeviceId> removed) {
        return client.put(
                secret.authorization(), account.base64url(), new DeviceListNotice(listVersion, devices, removed));
    }

    @Override
    public Uni<Void> end(AccountId account) {
        return client.end(secret.authorization(), account.base64url());
    }

    /** Body of {@code PUT /internal/v1/devices/{account}}. */
    public record DeviceListNotice(long listVersion, List<DeviceId> devices, List<DeviceId> removed) {}

    /** The call as mailbox-service serves it. */
    @Path("/internal/v1/devices")
    public interface Client {
        @PUT
        @Path("/{account}")
        @Consumes(MediaType.APPLICATION_JSON)
        Uni<Void> put(
                @HeaderParam("Authorization") String authorization,
                @PathParam("account") String account,
                DeviceListNotice notice);

        @DELETE
        @Path("/{account}")
        Uni<Void> end(@HeaderParam("Authorization") String authorization, @PathParam("account") String account);
    }
}
