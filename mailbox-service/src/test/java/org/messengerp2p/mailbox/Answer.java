package org.messengerp2p.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What the service answered. */
public record Answer(int status, JsonNode body, HttpHeaders headers) {

    public Answer is(int expected) {
        assertEquals(expected, status, () -> String.valueOf(body));
        return this;
    }

    /** A refusal in the form of RFC 9457. */
    public Answer isProblem(int expected, String slug) {
        is(expected);
        assertEquals(
                "application/problem+json", headers.firstValue("Content-Type").orElse(""));
        assertEquals("no-store", headers.firstValue("Cache-Control").orElse(""));
        assertEquals("urn:mp2p:problem:" + slug, body.path("type").asText());
        assertEquals(expected, body.path("status").asInt());
        return this;
    }

    public List<String> states() {
        List<String> states = new ArrayList<>();
        is(200).body
                .path("results")
                .forEach(result -> states.add(result.path("state").asText()));
        return states;
    }

    public List<byte[]> envelopes() {
        List<byte[]> envelopes = new ArrayList<>();
        is(200).body
                .path("items")
                .forEach(item -> envelopes.add(
                        Base64.getUrlDecoder().decode(item.path("envelope").asText())));
        return envelopes;
    }

    public List<String> ids() {
        List<String> ids = new ArrayList<>();
        is(200).body.path("items").forEach(item -> ids.add(item.path("id").asText()));
        return ids;
    }

    public boolean drained() {
        return is(200).body.path("drained").asBoolean();
    }

    public String next() {
        return is(200).body.path("next").asText(null);
    }

    public long expired() {
        return is(200).body.path("expired").asLong();
    }
}
