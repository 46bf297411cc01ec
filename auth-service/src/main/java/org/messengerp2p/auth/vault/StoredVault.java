package org.messengerp2p.auth.vault;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Arrays;
import java.util.UUID;
import org.messengerp2p.auth.wire.Hashes;
import org.messengerp2p.kit.identity.AccountId;

/** The newest vault of an account, sealed once more by this service. */
@Entity
@Table(name = "vault")
class StoredVault {
    @Id
    @Column(name = "account_id")
    private UUID accountId;

    @Column(name = "vault_version")
    private long vaultVersion;

    @Column(name = "vrk_gen")
    private long vrkGen;

    @Column(name = "head_hash")
    private byte[] headHash;

    @Column(name = "vault_hash")
    private byte[] vaultHash;

    @Column(name = "sealed")
    private byte[] sealed;

    protected StoredVault() {}

    StoredVault(AccountId account, VaultBlob vault, byte[] sealed) {
        this.accountId = account.value();
        replaceWith(vault, sealed);
    }

    final void replaceWith(VaultBlob vault, byte[] resealed) {
        this.vaultVersion = vault.version();
        this.vrkGen = vault.vrkGen();
        this.headHash = vault.headHash();
        this.vaultHash = Hashes.sha256(vault.encoded());
        this.sealed = resealed;
    }

    long version() {
        return vaultVersion;
    }

    byte[] sealed() {
        return sealed.clone();
    }

    boolean hasHeadOf(VaultBlob vault) {
        return Arrays.equals(headHash, vault.headHash());
    }

    boolean hasBytesOf(VaultBlob vault) {
        return Arrays.equals(vaultHash, Hashes.sha256(vault.encoded()));
    }
}
