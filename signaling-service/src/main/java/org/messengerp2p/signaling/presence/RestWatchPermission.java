package org.messengerp2p.signaling.presence;

import io.quarkus.arc.DefaultBean;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.messengerp2p.kit.internal.InternalSecret;
import org.messengerp2p.signaling.SignalingSettings;

/**
 * {@link WatchPermission} by HTTP, where mailbox-service is a process of its own. Without the secret of the calls
 * between services it is not made, and the service does not start.
 */
@Singleton
@DefaultBean
public class RestWatchPermission implements WatchPermission {

    private final Client client;
    private final String authorization;

    RestWatchPermission(SignalingSettings settings, InternalSecret secret) {
        long patience = settings.deliveryTokens().patience().toMillis();
        this.client = QuarkusRestClientBuilder.newBuilder()
                .baseUri(settings.mailboxInternalUrl())
                .connectTimeout(patience, TimeUnit.MILLISECONDS)
                .readTimeout(patience, TimeUnit.MILLISECONDS)
                .build(Client.class);
        this.authorization = secret.authorization();
    }

    @Override
    public Uni<Set<ShownToken>> right(List<ShownToken> shown) {
        return client.right(authorization, new Question(shown)).map(answer -> rightOf(shown, answer));
    }

    private static Set<ShownToken> rightOf(List<ShownToken> shown, Answer answer) {
        if (answer.right().size() != shown.size()) {
            throw new IllegalStateException("an answer about other tokens than those that were shown");
        }
        Set<ShownToken> right = new HashSet<>();
        for (int place = 0; place < shown.size(); place++) {
            if (answer.right().get(place)) {
                right.add(shown.get(place));
            }
        }
        return right;
    }

    /** Body of the call. */
    public record Question(List<ShownToken> shown) {}

    /**
     * Its answer.
     *
     * @param right for each that was shown, in the same order
     */
    public record Answer(List<Boolean> right) {

        public Answer {
            right = List.copyOf(right);
        }
    }

    /** The call as mailbox-service serves it. */
    @Path("/internal/v1/delivery-tokens")
    public interface Client {

        @POST
        @Consumes(MediaType.APPLICATION_JSON)
        @Produces(MediaType.APPLICATION_JSON)
        Uni<Answer> right(@HeaderParam("Authorization") String authorization, Question question);
    }
}
