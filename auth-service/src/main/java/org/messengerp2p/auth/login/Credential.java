package org.messengerp2p.auth.login;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Optional;
import java.util.UUID;
import org.messengerp2p.kit.identity.AccountId;

/** How an account proves its password or its recovery code; nobody outside reads it. */
@Entity
@Table(name = "credential")
public class Credential {
    @Id
    @Column(name = "account_id")
    private UUID accountId;

    @Column(name = "client_m_kib")
    private int clientMKib;

    @Column(name = "client_t")
    private int clientT;

    @Column(name = "client_p")
    private int clientP;

    @Column(name = "verifier")
    private byte[] verifier;

    @Column(name = "verifier_salt")
    private byte[] verifierSalt;

    @Column(name = "verifier_m_kib")
    private int verifierMKib;

    @Column(name = "verifier_t")
    private int verifierT;

    @Column(name = "verifier_p")
    private int verifierP;

    @Column(name = "pepper_key_id")
    private int pepperKeyId;

    @Column(name = "recovery_hash")
    private byte[] recoveryHash;

    protected Credential() {}

    Credential(AccountId account, ClientKdf kdf, Verifier secret, byte[] recoveryHash) {
        this.accountId = account.value();
        replaceWith(kdf, secret, recoveryHash);
    }

    final void replaceWith(ClientKdf kdf, Verifier secret, byte[] newRecoveryHash) {
        this.clientMKib = kdf.mKib();
        this.clientT = kdf.t();
        this.clientP = kdf.p();
        this.verifier = secret.hash();
        this.verifierSalt = secret.salt();
        this.verifierMKib = secret.mKib();
        this.verifierT = secret.t();
        this.verifierP = secret.p();
        this.pepperKeyId = secret.pepperKeyId();
        this.recoveryHash = newRecoveryHash;
    }

    AccountId account() {
        return new AccountId(accountId);
    }

    ClientKdf kdf() {
        return new ClientKdf(clientMKib, clientT, clientP);
    }

    Verifier verifier() {
        return new Verifier(verifier, verifierSalt, verifierMKib, verifierT, verifierP, pepperKeyId);
    }

    /** SHA-256 of rec_auth; empty where the account has no code. */
    Optional<byte[]> recoveryHash() {
        return Optional.ofNullable(recoveryHash);
    }
}
