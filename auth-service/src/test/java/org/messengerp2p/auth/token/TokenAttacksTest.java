package org.messengerp2p.auth.token;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;
import org.messengerp2p.testkit.attack.Attack;
import org.messengerp2p.testkit.attack.BareCall;
import org.messengerp2p.testkit.attack.TokenAttacks;
import org.messengerp2p.testkit.attack.TokenForge;

/** Whatever is wrong with a token, the answer is the same to the last byte. */
@QuarkusTest
class TokenAttacksTest extends AuthServiceTest {
    private static final String ANY_KEY_ID = "0d9ae4a6-1c7a-4a5c-9a0f-3c1f0b7f7d11";
    private static final Map<String, Attack> ATTACKS = new HashMap<>();

    private static TokenForge forge;

    @Inject
    KeyRing ring;

    /** The names alone: the service's key is not there yet. */
    static Stream<String> names() {
        KeyPair any = RsaKeys.newPair();
        Device nobody = new Device(AccountId.of(new byte[16]), DeviceId.of(1));
        return TokenAttacks.inHeaders(forge(ANY_KEY_ID, any, nobody)).map(Attack::name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void isRefusedByTheOneAnswer(String name) {
        assertRefused(attack(name).token());
    }

    @Test
    void acceptsWhatTheForgeMakesWithoutFault() {
        prepare();

        assertEquals(200, BareCall.bearer(vault(), forge.good()).status());
        assertEquals(
                200,
                BareCall.get(vault(), "Authorization", "bearer " + forge.good()).status(),
                "RFC 9110 §11.1");
    }

    @Test
    void answersOneWithoutATokenLikeOneWithABadToken() {
        BareCall.Answer refused = BareCall.get(vault());

        assertEquals(401, refused.status());
        assertEquals(List.of("Bearer"), refused.headers().get("WWW-Authenticate"));
        assertEquals(List.of("no-store"), refused.headers().get("Cache-Control"));
        assertEquals(List.of("application/problem+json"), refused.headers().get("Content-Type"));
        assertEquals(
                "{\"type\":\"urn:mp2p:problem:token-invalid\",\"title\":\"token invalid\",\"status\":401,"
                        + "\"detail\":\"This call needs a token that is valid here.\"}",
                refused.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: %s",
                "Authorization: Bearer",
                "Authorization: Bearer %s %s",
                "Authorization: Bearer  %s",
                "Authorization: Bearer: %s",
                "Authorization: Token %s",
                "Authorization: Basic %s",
                "Authorization: Digest token=%s",
                "Authorization: JWT %s",
                "Authorization: Bearer token=%s",
                "Proxy-Authorization: Bearer %s",
                "X-Authorization: Bearer %s",
                "X-Access-Token: %s",
                "Cookie: Bearer=%s",
                "Cookie: access_token=%s; jwt=%s; token=%s",
                "Sec-WebSocket-Protocol: bearer-token-carrier, quarkus-http-upgrade#Authorization#Bearer %s"
            })
    void takesAGoodTokenFromItsOwnPlaceAlone(String line) {
        prepare();
        String[] header = line.replace("%s", forge.good()).split(": ", 2);

        assertEquals(BareCall.get(vault()), BareCall.get(vault(), header));
    }

    @ParameterizedTest
    @ValueSource(strings = {"access_token", "token", "jwt", "bearer_token", "Authorization"})
    void takesNoTokenFromTheAddress(String parameter) {
        prepare();

        assertEquals(BareCall.get(vault()), BareCall.get(URI.create(vault() + "?" + parameter + "=" + forge.good())));
    }

    @Test
    void refusesTwoTokens() {
        prepare();

        assertEquals(
                BareCall.get(vault()),
                BareCall.get(vault(), "Authorization", "Bearer x", "Authorization", "Bearer " + forge.good()));
    }

    /** The HTTP decoder ends it before anybody looks for a token. */
    @Test
    void refusesAHeaderOf64Kibibytes() {
        assertEquals(431, BareCall.bearer(vault(), "a".repeat(64 * 1_024)).status());
    }

    @Test
    void refusesTheTokensOfOtherServices() {
        SignedIn signedIn = accounts.newcomer();

        assertRefused(signedIn.tokens().mailbox());
        assertRefused(signedIn.tokens().signaling());
    }

    @Test
    void refusesWhatIsNoToken() {
        SignedIn signedIn = accounts.newcomer();
        TestDevice device = signedIn.account().device();

        assertRefused(accounts.challenge(device).text("nonce"));
        assertRefused(signedIn.account().id().base64url());
    }

    /** Signed by the right key, for the right device id, of an account that does not have it. */
    @Test
    void refusesATokenOfAnotherAccountsDevice() {
        prepare();
        SignedIn other = accounts.newcomer();
        DeviceId mine = accounts.newcomer().account().device().id();

        assertRefused(forge.of(new Device(other.account().id(), mine)));
        assertRefused(forge.of(new Device(TestAccount.anybody().id(), mine)));
    }

    /** MP2P/1 §20: a narrow token is told that it is narrow, since its holder's password or key was right. */
    @Test
    void tellsANarrowTokenThatItIsNarrow() {
        prepare();
        TestAccount account = accounts.newcomer().account();
        URI names = service.resolve(AUTH + "/usernames/anybody");

        BareCall.Answer pending = BareCall.bearer(names, accounts.pendingToken(account));
        BareCall.Answer revoked = BareCall.bearer(names, forge.withAudience(Audience.AUTH_REVOKED));

        assertEquals(403, pending.status());
        assertEquals(403, revoked.status());
    }

    private void assertRefused(String token) {
        assertEquals(BareCall.get(vault()), BareCall.bearer(vault(), token));
    }

    private Attack attack(String name) {
        prepare();
        return ATTACKS.get(name);
    }

    private void prepare() {
        if (ATTACKS.isEmpty()) {
            Device device = accounts.newcomer().account().device().device();
            KeyRing.Key key = ring.signing();
            forge = forge(key.id(), new KeyPair(key.publicKey(), key.privateKey()), device);
            TokenAttacks.inHeaders(forge).forEach(attack -> ATTACKS.put(attack.name(), attack));
        }
    }

    private URI vault() {
        return service.resolve(AUTH + "/vault");
    }

    private static TokenForge forge(String keyId, KeyPair keys, Device device) {
        return new TokenForge(
                keyId, keys.getPrivate(), (RSAPublicKey) keys.getPublic(), device, Audience.AUTH, Instant.now());
    }
}
