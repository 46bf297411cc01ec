package org.messengerp2p.auth.vault;

import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.secret.Sealer;
import org.messengerp2p.auth.secret.ServerSecrets;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.problem.ProblemException;

/** The vaults, each replaced by compare-and-swap on its version. */
@ApplicationScoped
public class Vaults {
    private final StoredVaults rows;
    private final Sealer sealer;

    Vaults(StoredVaults rows, ServerSecrets secrets) {
        this.rows = rows;
        this.sealer = secrets.vault();
    }

    record Current(long vaultVersion, byte[] vault) {}

    /** In the transaction that makes the account. */
    public Uni<Void> begin(AccountId account, VaultBlob vault) {
        return rows.persist(new StoredVault(account, vault, sealed(account, vault)))
                .replaceWithVoid();
    }

    @WithSession
    Uni<Current> of(AccountId account) {
        return rows.of(account)
                .map(stored -> new Current(stored.version(), sealer.open(stored.sealed(), account.base64url())));
    }

    /**
     * Takes the next version; the same bytes again change nothing.
     *
     * @throws ProblemException vault-version before vault-header: a client that is behind must learn that first
     */
    @WithTransaction
    Uni<Void> replace(AccountId account, VaultBlob next) {
        return rows.held(account)
                .invoke(stored -> {
                    if (stored.version() == next.version() && stored.hasBytesOf(next)) {
                        return;
                    }
                    refuseUnlessNext(stored, next);
                    stored.replaceWith(next, sealed(account, next));
                })
                .replaceWithVoid();
    }

    private static void refuseUnlessNext(StoredVault stored, VaultBlob next) {
        if (next.version() != stored.version() + 1) {
            throw ProblemException.with(
                    AuthProblem.VAULT_VERSION,
                    "Another vault came first; read it and merge.",
                    Map.of("vault_version", stored.version()));
        }
        if (!stored.hasHeadOf(next)) {
            throw VaultBlob.refused("The wrapped keys change with the password only.");
        }
    }

    private byte[] sealed(AccountId account, VaultBlob vault) {
        return sealer.seal(vault.encoded(), account.base64url());
    }
}
