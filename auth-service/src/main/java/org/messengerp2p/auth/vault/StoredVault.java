package org.messengerp2p.auth.vault;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Arrays;
import java.util.UUID;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.problem.ProblemException;

/** The newest vault of an account, sealed once more by this service. */
@Entity
@Table(name = "vault")
public class StoredVault {
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

    StoredVault(AccountId account, SealedVault vault) {
        this.accountId = account.value();
        replaceWith(vault);
    }

    final void replaceWith(SealedVault next) {
        VaultBlob vault = next.blob();
        this.vaultVersion = vault.version();
        this.vrkGen = vault.vrkGen();
        this.headHash = vault.headHash();
        this.vaultHash = vault.hash();
        this.sealed = next.sealed();
    }

    long version() {
        return vaultVersion;
    }

    byte[] sealed() {
        return sealed.clone();
    }

    public boolean hasBytesOf(SealedVault vault) {
        return Arrays.equals(vaultHash, vault.blob().hash());
    }

    /**
     * That a change of password may put this one in its place.
     *
     * @throws ProblemException vault-version, with the one that stands; vault-header if its keys are not newer by one
     */
    public void requireRekeyedNext(SealedVault next) {
        requireNext(next);
        if (next.blob().vrkGen() != vrkGen + 1) {
            throw VaultBlob.refused("A change of password makes the next vrk_gen.");
        }
    }

    void requireNext(SealedVault next) {
        if (next.version() != vaultVersion + 1) {
            throw Vaults.otherVersion(vaultVersion);
        }
    }

    void requireSameKeys(SealedVault next) {
        if (!Arrays.equals(headHash, next.blob().headHash())) {
            throw VaultBlob.refused("The wrapped keys change with the password only.");
        }
    }
}
