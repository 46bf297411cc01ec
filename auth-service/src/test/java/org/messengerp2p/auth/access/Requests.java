package org.messengerp2p.auth.access;

import static org.messengerp2p.auth.access.Scene.Caller.PENDING;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.messengerp2p.auth.access.Scene.Caller;
import org.messengerp2p.testkit.AccountClient;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestAccount.VaultAt;
import org.messengerp2p.testkit.TestDevice;
import org.messengerp2p.testkit.TestSecrets;

/** A valid request for each call of the document, about an account: the owner's, or one that does not exist. */
final class Requests {
    private static final String AUTH = "/api/auth/v1";
    private static final String KEYS = "/api/keys/v1";

    /** What is asked. @param body null for none */
    record Request(String path, Object body) {
        static Request of(String path) {
            return new Request(path, null);
        }
    }

    /** Makes the request of one call. */
    private interface Maker {
        Request about(Scene scene, Caller caller, TestAccount account);
    }

    private static final Map<String, Maker> MAKERS = makers();

    private Requests() {}

    /** @return empty for a call that is not tabled here */
    static Optional<Request> of(String call, Scene scene, Caller caller, TestAccount account) {
        return Optional.ofNullable(MAKERS.get(call)).map(maker -> maker.about(scene, caller, account));
    }

    private static Map<String, Maker> makers() {
        Map<String, Maker> makers = new HashMap<>();
        withoutToken(makers);
        makers.put("GET " + AUTH + "/vault", (scene, caller, account) -> Request.of(AUTH + "/vault"));
        makers.put(
                "PUT " + AUTH + "/vault",
                (scene, caller, account) -> new Request(
                        AUTH + "/vault", Map.of("vault", Scene.base64url(account.vault(scene.serverSalt, 2)))));
        makers.put("PUT " + AUTH + "/password", Requests::newPassword);
        makers.put(
                "POST " + AUTH + "/accounts/me/delete",
                (scene, caller, account) ->
                        new Request(AUTH + "/accounts/me/delete", AccountClient.proof(account.authSecret())));
        makers.put("PUT " + AUTH + "/devices", Requests::nextList);
        makers.put(
                "GET " + AUTH + "/usernames/{name}",
                (scene, caller, account) -> Request.of(AUTH + "/usernames/" + account.username()));
        makers.put(
                "GET " + AUTH + "/accounts/{account}/dlc",
                (scene, caller, account) ->
                        Request.of(AUTH + "/accounts/" + account.id().base64url() + "/dlc?from=1"));
        makers.put(
                "GET " + KEYS + "/accounts/{account}/bundle",
                (scene, caller, account) ->
                        Request.of(KEYS + "/accounts/" + account.id().base64url() + "/bundle"));
        makers.put("GET " + KEYS + "/kt/sth", (scene, caller, account) -> Request.of(KEYS + "/kt/sth"));
        makers.put("GET " + KEYS + "/kt/leaves", (scene, caller, account) -> Request.of(KEYS + "/kt/leaves?from=0"));
        makers.put("GET " + KEYS + "/prekeys/digest", (scene, caller, account) -> Request.of(KEYS + "/prekeys/digest"));
        makers.put("POST " + KEYS + "/prekeys", (scene, caller, account) -> prekeys(account));
        makers.put("PUT " + KEYS + "/prekeys", (scene, caller, account) -> prekeys(account));
        return makers;
    }

    private static void withoutToken(Map<String, Maker> makers) {
        makers.put(
                "POST " + AUTH + "/accounts",
                (scene, caller, account) -> new Request(AUTH + "/accounts", scene.registration));
        makers.put(
                "POST " + AUTH + "/login",
                (scene, caller, account) -> new Request(
                        AUTH + "/login",
                        Map.of(
                                "username", account.username(),
                                "auth_secret", Scene.base64url(account.authSecret()))));
        makers.put(
                "POST " + AUTH + "/recover",
                (scene, caller, account) -> new Request(
                        AUTH + "/recover",
                        Map.of(
                                "username", account.username(),
                                "rec_auth", Scene.base64url(scene.recoveryCode()))));
        makers.put(
                "GET " + AUTH + "/login/parameters",
                (scene, caller, account) -> Request.of(AUTH + "/login/parameters?username=" + account.username()));
        makers.put(
                "POST " + AUTH + "/challenge",
                (scene, caller, account) -> new Request(
                        AUTH + "/challenge",
                        Map.of(
                                "account_id", account.id().base64url(),
                                "device_id", account.device().id().value())));
        makers.put(
                "POST " + AUTH + "/refresh",
                (scene, caller, account) ->
                        new Request(AUTH + "/refresh", scene.refresh(account.device(), account.device())));
        makers.put("GET " + AUTH + "/jwks", (scene, caller, account) -> Request.of(AUTH + "/jwks"));
        makers.put("GET " + AUTH + "/openapi", (scene, caller, account) -> Request.of(AUTH + "/openapi"));
    }

    private static Request newPassword(Scene scene, Caller caller, TestAccount account) {
        VaultAt next = new VaultAt(scene.serverSalt, 1, 1).rekeyed();
        return new Request(
                AUTH + "/password",
                account.passwordChange(
                        new TestSecrets(account.authSecret(), Optional.empty()).proofByPassword(),
                        TestSecrets.withoutCode(),
                        next));
    }

    /** A device drops the second one; a sign-in adds one. */
    private static Request nextList(Scene scene, Caller caller, TestAccount account) {
        if (account != scene.owner) {
            return new Request(AUTH + "/devices", Map.of("dlc", Scene.base64url(account.firstList())));
        }
        if (caller != PENDING) {
            byte[] list = account.listAfter(scene.newestList, account.device());
            return new Request(AUTH + "/devices", Map.of("dlc", Scene.base64url(list)));
        }
        TestDevice third = account.newDevice();
        byte[] list = account.listAfter(scene.newestList, account.device(), scene.second, third);
        return new Request(
                AUTH + "/devices",
                Map.of("dlc", Scene.base64url(list), "prekeys", Scene.base64url(third.prekeys(1, 1))));
    }

    private static Request prekeys(TestAccount account) {
        List<byte[]> records = account.device().prekeys(1, 1);
        return new Request(KEYS + "/prekeys", Map.of("records", Scene.base64url(records)));
    }
}
