package org.messengerp2p.auth.login;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.auth.ServerDescription;
import org.messengerp2p.kit.identity.AccountId;

/** What a sign-in gives, by password or by recovery code. */
record LoginAnswer(
        AccountId accountId, @Schema(ref = "Token") String pendingToken, ServerDescription server) {
    static LoginAnswer of(SignIns.SignIn begun, ServerDescription server) {
        return new LoginAnswer(begun.account(), begun.pendingToken(), server);
    }

    @Override
    public String toString() {
        return "LoginAnswer[…]";
    }
}
