package org.messengerp2p.auth;

import org.messengerp2p.kit.problem.ProblemType;

/** Refusals of this service beside the common ones (MP2P/1 §20). */
public enum AuthProblem implements ProblemType {
    CREDENTIALS_WRONG(401, "credentials-wrong"),
    CHALLENGE_INVALID(401, "challenge-invalid"),
    USERNAME_TAKEN(409, "username-taken"),
    LIST_VERSION(409, "list-version"),
    VAULT_VERSION(409, "vault-version"),
    PREKEY_LIMIT(409, "prekey-limit"),
    DLC_INVALID(422, "dlc-invalid"),
    PREKEY_INVALID(422, "prekey-invalid"),
    VAULT_HEADER(422, "vault-header");

    private final int status;
    private final String slug;

    AuthProblem(int status, String slug) {
        this.status = status;
        this.slug = slug;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String slug() {
        return slug;
    }
}
