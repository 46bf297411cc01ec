package org.messengerp2p.mailbox.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.AuthDouble;
import org.messengerp2p.mailbox.MailboxApi;
import org.messengerp2p.mailbox.MailboxTest;

/** Which delivery tokens are right, as signaling-service asks it: {@code POST /internal/v1/delivery-tokens}. */
@QuarkusTest
class ShownTokensTest extends MailboxTest {

    private final byte[] token = random(16);

    @Test
    void tellsForEachWhetherItIsThatOfItsAccount() {
        Device alice = withToken();
        Device bob = withToken();
        byte[] another = random(16);
        api.putDeliveryToken(bob, another).is(204);
        Device without = newListedDevice();

        assertEquals(
                List.of(true, false, true, false, false, true),
                areRight(
                        shown(alice.account(), token),
                        shown(bob.account(), token),
                        shown(bob.account(), another),
                        shown(without.account(), token),
                        shown(newDevice().account(), token),
                        shown(alice.account(), token)));
    }

    @Test
    void anAccountThatHasEndedHasNoRightToken() {
        Device alice = withToken();
        String its = shown(alice.account(), token);

        delete(alice.account().base64url(), AuthDouble.SECRET).is(204);

        assertEquals(List.of(false), areRight(its));
    }

    @Test
    void answersForAsManyAsItTakesAndForNone() {
        String its = shown(withToken().account(), token);

        assertEquals(
                Collections.nCopies(DeliveryTokens.MOST_SHOWN, true),
                areRight(Collections.nCopies(DeliveryTokens.MOST_SHOWN, its).toArray(String[]::new)));
        assertEquals(List.of(), areRight());
    }

    @Test
    void refusesWhatIsNoQuestion() {
        String its = shown(newDevice().account(), token);
        String tooMany =
                question(Collections.nCopies(DeliveryTokens.MOST_SHOWN + 1, its).toArray(String[]::new));

        for (String body : List.of(
                "",
                "null",
                "{}",
                "[]",
                "{\"shown\":null}",
                question("null"),
                question("{}"),
                question(shown(newDevice().account(), random(15))),
                question(shown(newDevice().account(), random(17))),
                question("{\"account\":\"x\",\"token\":\"" + MailboxApi.base64url(token) + "\"}"),
                tooMany)) {
            askAboutTokens(AuthDouble.SECRET, body).is(400);
        }
    }

    @Test
    void answersNobodyWithoutTheSecret() {
        String question = question(shown(newDevice().account(), token));

        askAboutTokens("another secret of 32 letters at least", question).is(401);
    }

    private Device withToken() {
        Device device = newListedDevice();
        api.putDeliveryToken(device, token).is(204);
        return device;
    }

    private List<Boolean> areRight(String... shown) {
        Answer answer = askAboutTokens(AuthDouble.SECRET, question(shown)).is(200);
        return StreamSupport.stream(answer.body().path("right").spliterator(), false)
                .map(each -> each.booleanValue())
                .toList();
    }

    private static String question(String... shown) {
        return Arrays.stream(shown).collect(Collectors.joining(",", "{\"shown\":[", "]}"));
    }

    private static String shown(AccountId account, byte[] token) {
        return "{\"account\":\"%s\",\"token\":\"%s\"}".formatted(account.base64url(), MailboxApi.base64url(token));
    }
}
