package org.messengerp2p.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.RestClient.Answer;

/** Whatever a request does wrong, the answer is problem+json. */
@QuarkusTest
class EdgeTest extends AuthServiceTest {
    @Test
    void answersUnknownPaths() {
        assertProblem(404, "not-found", rest.get("/nothing/here", null));
        assertProblem(404, "not-found", rest.get(AUTH + "/nothing", null));
        assertProblem(404, "not-found", rest.get("/", null));
    }

    @Test
    void answersOtherMethods() {
        assertProblem(
                405,
                "method-not-allowed",
                rest.call("DELETE", AUTH + "/login", null, null).join());
    }

    @Test
    void answersBodiesThatAreNotJson() {
        assertProblem(400, "malformed", rest.post(AUTH + "/login", null, "{"));
        assertProblem(400, "malformed", rest.post(AUTH + "/login", null, "[]"));
        assertProblem(400, "malformed", rest.post(AUTH + "/login", null, "{} {}"));
        assertProblem(400, "malformed", rest.post(AUTH + "/login", null, ""));
        assertProblem(400, "malformed", rest.post(AUTH + "/login", null, "null"));
        assertProblem(400, "malformed", rest.post(AUTH + "/challenge", null, "{\"account_id\":\"x\",\"device_id\":1}"));
    }

    @Test
    void answersANameThatStandsTwice() {
        SignedIn signedIn = accounts.newcomer();

        assertProblem(
                400,
                "malformed",
                rest.put(AUTH + "/vault", signedIn.tokens().auth(), "{\"vault\":\"AA\",\"vault\":\"AA\"}"));
    }

    @Test
    void answersBodiesOfAnotherType() throws Exception {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(service.resolve(AUTH + "/login"))
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}")));

        assertEquals(415, answer.statusCode());
        assertEquals("application/problem+json", type(answer));
    }

    @Test
    void answersBodiesThatAreTooLarge() throws Exception {
        assertProblem(413, "too-large", rest.post(AUTH + "/login", null, " ".repeat(2 * 1024 * 1024 + 1)));

        HttpResponse<String> withoutLength = send(HttpRequest.newBuilder(service.resolve(AUTH + "/login"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString(" ".repeat(3 * 1024 * 1024)))));
        assertEquals(413, withoutLength.statusCode());
    }

    @Test
    void tellsNobodyToKeepAnAnswer() {
        Answer refused = rest.get(AUTH + "/vault", null);

        assertProblem(401, "token-invalid", refused);
        assertEquals("no-store", refused.header("Cache-Control").orElse(""));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(request.version(HttpClient.Version.HTTP_1_1).build(), BodyHandlers.ofString());
    }

    private static String type(HttpResponse<?> answer) {
        return answer.headers().firstValue("Content-Type").orElse("").split(";")[0];
    }

    private static void assertProblem(int status, String slug, Answer answer) {
        URI asked = answer.response().uri();
        assertEquals(status, answer.status(), asked + " " + answer.body());
        assertEquals(slug, answer.problem(), asked.toString());
        assertEquals("application/problem+json", type(answer.response()), asked.toString());
    }
}
