package org.messengerp2p.auth.login;

import org.messengerp2p.auth.ServerDescription;
import org.messengerp2p.kit.identity.AccountId;

/** What a sign-in gives, by password or by recovery code. */
record LoginAnswer(AccountId accountId, String pendingToken, ServerDescription server) {
    static LoginAnswer of(SignIns.SignIn begun, ServerDescription server) {
        return new LoginAnswer(begun.account(), begun.pendingToken(), server);
    }

    @Override
    public String toString() {
        return "LoginAnswer[…]";
    }
}
