package org.messengerp2p.auth.access;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.messengerp2p.testkit.AccountClient;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.AccountClient.Tokens;
import org.messengerp2p.testkit.RestClient;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestAccount.VaultAt;
import org.messengerp2p.testkit.TestDevice;
import org.messengerp2p.testkit.TestSecrets;

/** An account with two devices and one that was removed, somebody else, and somebody who is nobody. */
final class Scene {
    /** Who calls, about the owner's account. */
    enum Caller {
        OWNER,
        OTHER_DEVICE,
        OTHER_USER,
        REMOVED_DEVICE,
        ANONYMOUS,
        PENDING,
        REVOKED_TOKEN,
        OTHER_USERS_PENDING,
        OTHER_SERVICE
    }

    final AccountClient accounts;
    final TestAccount owner = TestAccount.anybody();
    final TestAccount absent = TestAccount.anybody();
    final TestDevice second = owner.newDevice();
    final Map<String, Object> registration;
    final byte[] serverSalt;
    final byte[] newestList;

    private final TestDevice removed = owner.newDevice();
    private final SignedIn otherUser;
    private final Tokens first;
    private final Map<Caller, String> tokens;
    private byte[] code;

    Scene(RestClient rest, AccountClient accounts) {
        this.accounts = accounts;
        serverSalt = accounts.serverSalt(owner.username());
        registration = owner.registration(serverSalt);
        expect(201, rest.post("/api/auth/v1/accounts", null, registration));
        first = accounts.tokens(owner.device());

        byte[] two = add(second, owner.firstList(), owner.device(), second);
        byte[] three = add(removed, two, owner.device(), second, removed);
        String removedToken = accounts.tokens(removed).auth();
        newestList = owner.listAfter(three, owner.device(), second);
        expect(200, accounts.putDevices(first.auth(), newestList, null));

        otherUser = accounts.newcomer();
        tokens = Map.of(
                Caller.OWNER, first.auth(),
                Caller.OTHER_DEVICE, accounts.tokens(second).auth(),
                Caller.OTHER_USER, otherUser.tokens().auth(),
                Caller.REMOVED_DEVICE, removedToken,
                Caller.PENDING, accounts.pendingToken(owner),
                Caller.REVOKED_TOKEN, accounts.refresh(removed).text("token"),
                Caller.OTHER_USERS_PENDING, accounts.pendingToken(otherUser.account()),
                Caller.OTHER_SERVICE, first.mailbox());
    }

    /** Null for who shows none. */
    String token(Caller caller) {
        return tokens.get(caller);
    }

    /** Of the owner, from a change of password that comes with the first question for it. */
    byte[] recoveryCode() {
        if (code == null) {
            TestSecrets secrets = TestSecrets.withCode();
            VaultAt next = new VaultAt(serverSalt, 1, 1).rekeyed();
            Map<String, Object> change = owner.passwordChange(
                    new TestSecrets(owner.authSecret(), Optional.empty()).proofByPassword(), secrets, next);
            expect(200, accounts.changePassword(first.auth(), change));
            code = secrets.recAuth().orElseThrow();
        }
        return code.clone();
    }

    /** Body of /refresh for a device of any account, signed by {@code signer}. */
    Map<String, Object> refresh(TestDevice device, TestDevice signer) {
        Answer challenge = accounts.challenge(device);
        byte[] nonce = challenge.bytes("nonce");
        byte[] proof = signer.loginProof(
                nonce, "localhost", challenge.body().path("expiry_ms").asLong());
        return Map.of(
                "account_id", device.device().account().base64url(),
                "device_id", device.id().value(),
                "nonce", base64url(nonce),
                "sig", base64url(proof));
    }

    private byte[] add(TestDevice device, byte[] before, TestDevice... devices) {
        byte[] list = owner.listAfter(before, devices);
        expect(200, accounts.putDevices(accounts.pendingToken(owner), list, device.prekeys(1, 1)));
        return list;
    }

    private static void expect(int status, Answer answer) {
        if (!Objects.equals(status, answer.status())) {
            throw new AssertionError(answer.status() + " " + answer.body());
        }
    }

    static List<String> base64url(List<byte[]> records) {
        return records.stream().map(Scene::base64url).toList();
    }

    static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
