package org.messengerp2p.testkit;

import java.util.List;
import java.util.Map;
import org.messengerp2p.testkit.RestClient.Answer;

/** Registers and signs in over auth-service's REST, in the order of MP2P/1 §2. */
public final class AccountClient {
    private static final String AUTH = "/api/auth/v1";

    private final RestClient rest;
    private final String serverName;

    /** @param serverName the server's canonical host, which login proofs name */
    public AccountClient(RestClient rest, String serverName) {
        this.rest = rest;
        this.serverName = serverName;
    }

    /** The tokens of one refresh. */
    public record Tokens(String auth, String mailbox, String signaling) {
        @Override
        public String toString() {
            return "Tokens[…]";
        }
    }

    /** An account of any name, registered, and the tokens of its device. */
    public record SignedIn(TestAccount account, Tokens tokens) {}

    public SignedIn newcomer() {
        TestAccount account = TestAccount.anybody();
        register(account);
        return new SignedIn(account, tokens(account.device()));
    }

    public byte[] serverSalt(String username) {
        return expect(200, rest.get(AUTH + "/login/parameters?username=" + username, null))
                .bytes("server_salt");
    }

    public void register(TestAccount account) {
        expect(201, rest.post(AUTH + "/accounts", null, account.registration(serverSalt(account.username()))));
    }

    public void register(TestAccount account, List<byte[]> prekeys) {
        expect(201, rest.post(AUTH + "/accounts", null, account.registration(serverSalt(account.username()), prekeys)));
    }

    /** Signs in by password. @return the PENDING token */
    public String pendingToken(TestAccount account) {
        return expect(200, login(account.username(), account.authSecret())).text("pending_token");
    }

    public Answer login(String username, byte[] authSecret) {
        return rest.post(
                AUTH + "/login", null, Map.of("username", username, "auth_secret", RecordBytes.base64url(authSecret)));
    }

    /** Signs in by recovery code. */
    public Answer recover(String username, byte[] recAuth) {
        return rest.post(
                AUTH + "/recover", null, Map.of("username", username, "rec_auth", RecordBytes.base64url(recAuth)));
    }

    /** @param change as {@link TestAccount#passwordChange} makes it */
    public Answer changePassword(String token, Map<String, Object> change) {
        return rest.put(AUTH + "/password", token, change);
    }

    /** Signs in by device key. */
    public Tokens tokens(TestDevice device) {
        Answer answer = expect(200, refresh(device));
        return new Tokens(
                answer.body().at("/tokens/auth").asText(),
                answer.body().at("/tokens/mailbox").asText(),
                answer.body().at("/tokens/signaling").asText());
    }

    /** Challenge and refresh, whatever comes of it. */
    public Answer refresh(TestDevice device) {
        return refresh(device, challenge(device));
    }

    public Answer challenge(TestDevice device) {
        return expect(200, rest.post(AUTH + "/challenge", null, name(device)));
    }

    public Answer refresh(TestDevice device, Answer challenge) {
        byte[] nonce = challenge.bytes("nonce");
        long expiryMs = challenge.body().path("expiry_ms").asLong();
        return rest.post(
                AUTH + "/refresh",
                null,
                Map.of(
                        "account_id", device.device().account().base64url(),
                        "device_id", device.id().value(),
                        "nonce", RecordBytes.base64url(nonce),
                        "sig", RecordBytes.base64url(device.loginProof(nonce, serverName, expiryMs))));
    }

    /** Changes the list of an account. @param prekeys of the device that a PENDING token adds; null for none */
    public Answer putDevices(String token, byte[] list, List<byte[]> prekeys) {
        Object body = prekeys == null
                ? Map.of("dlc", RecordBytes.base64url(list))
                : Map.of(
                        "dlc",
                        RecordBytes.base64url(list),
                        "prekeys",
                        prekeys.stream().map(RecordBytes::base64url).toList());
        return rest.put(AUTH + "/devices", token, body);
    }

    /** Ends an account. */
    public Answer deleteAccount(String token, byte[] authSecret) {
        return rest.post(AUTH + "/accounts/me/delete", token, proof(authSecret));
    }

    /** Body of a request that wants the password once more. */
    public static Map<String, Object> proof(byte[] authSecret) {
        return Map.of("proof", Map.of("auth_secret", RecordBytes.base64url(authSecret)));
    }

    private static Map<String, Object> name(TestDevice device) {
        return Map.of(
                "account_id", device.device().account().base64url(),
                "device_id", device.id().value());
    }

    private static Answer expect(int status, Answer answer) {
        if (answer.status() != status) {
            throw new AssertionError("expected " + status + " but was " + answer.status() + " " + answer.body());
        }
        return answer;
    }
}
