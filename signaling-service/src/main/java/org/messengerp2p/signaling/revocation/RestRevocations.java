package org.messengerp2p.signaling.revocation;

import io.quarkus.arc.DefaultBean;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.messengerp2p.kit.internal.InternalSecret;
import org.messengerp2p.signaling.SignalingSettings;

/**
 * {@link Revocations} by HTTP, where auth-service is a process of its own. Without the secret of the calls between
 * services it is not made, and the service does not start.
 */
@Singleton
@DefaultBean
public class RestRevocations implements Revocations {

    private final Client client;
    private final String authorization;

    RestRevocations(SignalingSettings settings, InternalSecret secret) {
        long patience = settings.revocations().patience().toMillis();
        this.client = QuarkusRestClientBuilder.newBuilder()
                .baseUri(settings.authInternalUrl())
                .connectTimeout(patience, TimeUnit.MILLISECONDS)
                .readTimeout(patience, TimeUnit.MILLISECONDS)
                .build(Client.class);
        this.authorization = secret.authorization();
    }

    @Override
    public Uni<Answer> since(Optional<String> cursor) {
        return client.since(authorization, cursor.orElse(null));
    }

    /** The call as auth-service serves it. */
    @Path("/internal/v1/revocations")
    public interface Client {

        /** @param since null for no such parameter */
        @GET
        @Produces(MediaType.APPLICATION_JSON)
        Uni<Answer> since(@HeaderParam("Authorization") String authorization, @QueryParam("since") String since);
    }
}
