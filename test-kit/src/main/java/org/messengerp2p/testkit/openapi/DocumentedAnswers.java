package org.messengerp2p.testkit.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.openapi.ApiDocument.Call;

/** Holds every answer that a test gets to the document: its status, its media type, its form. */
public final class DocumentedAnswers implements Consumer<Answer> {
    private final ApiDocument document;

    public DocumentedAnswers(ApiDocument document) {
        this.document = document;
    }

    /** @throws AssertionError for what the document does not say; paths and methods that it has not are passed over */
    @Override
    public void accept(Answer answer) {
        HttpRequest asked = answer.response().request();
        document.call(asked.method(), asked.uri())
                .flatMap(call -> fault(call, answer))
                .ifPresent(fault -> {
                    throw new AssertionError(fault + "; answered was " + answer.status() + " " + answer.body());
                });
    }

    private Optional<String> fault(Call call, Answer answer) {
        JsonNode listed = document.answer(call, answer.status());
        if (listed.isMissingNode()) {
            return Optional.of(call.name() + " lists no " + answer.status());
        }
        if (!listed.has("content") || answer.response().request().method().equals("HEAD")) {
            return answer.response().body().isEmpty()
                    ? Optional.empty()
                    : Optional.of(call.name() + " lists no body for " + answer.status());
        }
        String mediaType = answer.header("Content-Type").orElse("").split(";")[0];
        JsonNode form = listed.path("content").path(mediaType);
        if (form.isMissingNode()) {
            return Optional.of(call.name() + " lists no " + mediaType + " for " + answer.status());
        }
        for (String header : requiredHeaders(listed)) {
            if (answer.header(header).isEmpty()) {
                return Optional.of(call.name() + " answers " + answer.status() + " without " + header);
            }
        }
        List<String> faults = SchemaCheck.faults(document, form.path("schema"), answer.body());
        return faults.isEmpty()
                ? Optional.empty()
                : Optional.of(call.name() + " answers " + answer.status() + " in another form: " + faults);
    }

    private static List<String> requiredHeaders(JsonNode listed) {
        List<String> names = new ArrayList<>();
        listed.path("headers").properties().forEach(header -> {
            if (header.getValue().path("required").asBoolean()) {
                names.add(header.getKey());
            }
        });
        return names;
    }
}
