package org.messengerp2p.auth.login;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.login.Strangers.Question;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;

/** Without a token nobody learns who has an account; {@code EnumerationFigures} measures that the time tells nothing. */
@QuarkusTest
class EnumerationTest extends AuthServiceTest {
    private static final List<String> OF_THE_MOMENT = List.of("nonce", "expiry_ms", "server_salt");

    @Test
    void answersForAnAccountThatIsNotThereByteForByteAsForOneThatIs() {
        TestAccount known = accounts.newcomer().account();
        TestAccount unknown = TestAccount.anybody();

        for (Question question : new Strangers(rest, accounts).questions()) {
            Answer ofKnown = question.prepared().apply(known).get();
            Answer ofUnknown = question.prepared().apply(unknown).get();

            assertEquals(ofKnown.status(), ofUnknown.status(), question.name());
            assertEquals(headers(ofKnown), headers(ofUnknown), question.name());
            assertEquals(body(ofKnown), body(ofUnknown), question.name());
        }
    }

    private static Map<String, List<String>> headers(Answer answer) {
        Map<String, List<String>> headers =
                new TreeMap<>(answer.response().headers().map());
        headers.remove("date");
        return headers;
    }

    /** The text as it came, with values of the moment blotted out in their length. */
    private static String body(Answer answer) {
        String text = answer.response().body();
        for (Map.Entry<String, JsonNode> field : ((ObjectNode) answer.body()).properties()) {
            if (OF_THE_MOMENT.contains(field.getKey())) {
                String value = field.getValue().asText();
                text = text.replace(value, "*".repeat(value.length()));
            }
        }
        return text;
    }
}
