package org.messengerp2p.mailbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.testkit.RestClient;
import org.messengerp2p.testkit.TestTokens;
import org.messengerp2p.testkit.openapi.ApiDocument;
import org.messengerp2p.testkit.openapi.DocumentedAnswers;

/** The calls of {@code /api/mailbox/v1} over HTTP, as clients make them; every answer is held to the OpenAPI document. */
public final class MailboxApi {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Map<Device, String> TOKENS = new ConcurrentHashMap<>();

    private static final DocumentedAnswers DOCUMENTED = new DocumentedAnswers(ApiDocument.of("mailbox-service"));

    private final URI base;
    private final String forwardedFor;

    public MailboxApi(URI root) {
        this(URI.create(root.toString().replaceAll("/$", "") + "/api/mailbox/v1/"), null);
    }

    private MailboxApi(URI base, String forwardedFor) {
        this.base = base;
        this.forwardedFor = forwardedFor;
    }

    /** The same calls as a trusted proxy passes them on from this address. */
    public MailboxApi from(String address) {
        return new MailboxApi(base, address);
    }

    public Answer deliver(AccountId to, byte[] token, long listVersion, Addressed... envelopes) {
        ObjectNode body = batch(to, listVersion, envelopes);
        body.put("token", base64url(token));
        return post("deliver", null, body.toString());
    }

    public Answer messages(Device from, AccountId to, long listVersion, Addressed... envelopes) {
        return post("messages", tokenOf(from), batch(to, listVersion, envelopes).toString());
    }

    public Answer collect(Device device) {
        return get("collect", tokenOf(device));
    }

    public Answer collect(Device device, String after, int limit) {
        return get("collect?limit=" + limit + (after == null ? "" : "&after=" + after), tokenOf(device));
    }

    public Answer ack(Device device, List<String> ids) {
        ObjectNode body = JSON.createObjectNode();
        ids.forEach(body.putArray("ids")::add);
        return post("ack", tokenOf(device), body.toString());
    }

    public Answer putDeliveryToken(Device device, byte[] token) {
        ObjectNode body = JSON.createObjectNode().put("hash", base64url(sha256(token)));
        return send(
                request("delivery-token", tokenOf(device)).PUT(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    public Answer get(String path, String token) {
        return send(request(path, token).GET());
    }

    public Answer post(String path, String token, String body) {
        return send(request(path, token).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    public Answer put(String path, String token, String body) {
        return send(request(path, token).PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    public Answer delete(String path, String token) {
        return send(request(path, token).DELETE());
    }

    public Answer post(String path, String token, String mediaType, String body) {
        return send(request(path, token)
                .setHeader("Content-Type", mediaType)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    public static ObjectNode batch(AccountId to, long listVersion, Addressed... envelopes) {
        ObjectNode body = JSON.createObjectNode().put("to", to.base64url()).put("list_version", listVersion);
        var list = body.putArray("envelopes");
        Arrays.stream(envelopes)
                .forEach(addressed -> list.addObject()
                        .put("device_id", addressed.device().value())
                        .put("envelope", base64url(addressed.envelope())));
        return body;
    }

    public static String tokenOf(Device device) {
        return TOKENS.computeIfAbsent(device, caller -> TestTokens.access(caller, Audience.MAILBOX));
    }

    public static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    public static byte[] sha256(byte[] bytes) {
        try {
            return java.security.MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private HttpRequest.Builder request(String path, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json");
        if (forwardedFor != null) {
            request.header("X-Forwarded-For", forwardedFor);
        }
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    static Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            JsonNode body = json(response.body());
            DOCUMENTED.accept(new RestClient.Answer(response.statusCode(), body, response));
            return new Answer(response.statusCode(), body, response.headers());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static JsonNode json(String body) throws IOException {
        return body.isEmpty() ? JSON.nullNode() : JSON.readTree(body);
    }
}
