package org.messengerp2p.mailbox.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.messengerp2p.kit.internal.InternalEndpoint;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * What signaling-service asks: {@code POST /internal/v1/delivery-tokens} with {shown: [{account, token}]}, at most
 * {@value DeliveryTokens#MOST_SHOWN} of them → {right: [bool]}, in their order.
 */
@ApplicationScoped
public class DeliveryTokensEndpoint implements InternalEndpoint {

    private final DeliveryTokens tokens;
    private final ObjectMapper json;

    DeliveryTokensEndpoint(DeliveryTokens tokens, ObjectMapper json) {
        this.tokens = tokens;
        this.json = json;
    }

    @Override
    public void register(Router router) {
        router.post("/internal/v1/delivery-tokens").handler(this::answer);
    }

    private void answer(RoutingContext call) {
        Question question;
        try {
            question = requireNotNull(json.readValue(call.body().asString(), Question.class));
        } catch (IllegalArgumentException | JsonProcessingException malformed) {
            call.response().setStatusCode(400).end();
            return;
        }
        tokens.areRight(question.shown())
                .subscribe()
                .with(right -> answer(call, new Answer(right)), failure -> refuse(call, failure));
    }

    private void answer(RoutingContext call, Answer answer) {
        try {
            call.response().putHeader("Content-Type", "application/json").end(json.writeValueAsString(answer));
        } catch (JsonProcessingException impossible) {
            call.fail(impossible);
        }
    }

    private static void refuse(RoutingContext call, Throwable failure) {
        if (failure instanceof ProblemException problem) {
            call.response().setStatusCode(problem.type().status()).end();
        } else {
            call.fail(failure);
        }
    }

    /** The JSON {@code null} is read as null. */
    private static Question requireNotNull(Question question) {
        if (question == null) {
            throw new IllegalArgumentException("a question is an object");
        }
        return question;
    }

    /** Body of the call. */
    record Question(List<ShownDeliveryToken> shown) {

        Question {
            if (shown == null || shown.contains(null) || shown.size() > DeliveryTokens.MOST_SHOWN) {
                throw new IllegalArgumentException("a question has at most so many tokens");
            }
            shown = List.copyOf(shown);
        }
    }

    /** Its answer. */
    record Answer(List<Boolean> right) {}
}
