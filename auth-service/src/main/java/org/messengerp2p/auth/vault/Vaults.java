package org.messengerp2p.auth.vault;

import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.secret.Sealer;
import org.messengerp2p.auth.secret.ServerSecrets;
import org.messengerp2p.auth.work.BoundedWork;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.problem.ProblemException;

/** The vaults, each replaced by compare-and-swap on its version. */
@ApplicationScoped
public class Vaults {
    private final StoredVaults rows;
    private final Sealer sealer;
    private final BoundedWork work;

    Vaults(StoredVaults rows, ServerSecrets secrets, BoundedWork work) {
        this.rows = rows;
        this.sealer = secrets.vault();
        this.work = work;
    }

    @Schema(name = "CurrentVault")
    record Current(
            @Schema(ref = "Version") long vaultVersion,
            @Schema(ref = "Vault") byte[] vault) {}

    /**
     * Decodes and seals; for a worker, as a large vault takes milliseconds.
     *
     * @throws ProblemException too-large, or vault-header for what is no vault
     */
    public SealedVault sealed(AccountId account, byte[] encoded) {
        VaultBlob vault = VaultBlob.decoded(encoded);
        return new SealedVault(vault, sealer.seal(encoded, account.base64url()));
    }

    /** In the transaction that makes the account. */
    public Uni<Void> begin(AccountId account, SealedVault vault) {
        return rows.persist(new StoredVault(account, vault)).replaceWithVoid();
    }

    Uni<Current> of(AccountId account) {
        return newest(account)
                .map(found -> found.orElseThrow(ProblemException::tokenInvalid))
                .chain(stored -> work.run(
                        () -> new Current(stored.version(), sealer.open(stored.sealed(), account.base64url()))));
    }

    /** What stands, to be compared with before the work for a change of password is done. */
    @WithSession
    public Uni<Optional<StoredVault>> newest(AccountId account) {
        return rows.of(account).map(Optional::ofNullable);
    }

    /**
     * Takes the next version; the same bytes again change nothing.
     *
     * @throws ProblemException vault-version before vault-header: a client that is behind must learn that first
     */
    Uni<Void> replace(AccountId account, byte[] encoded) {
        return work.run(() -> sealed(account, encoded)).chain(next -> replace(account, next));
    }

    @WithTransaction
    Uni<Void> replace(AccountId account, SealedVault next) {
        return rows.held(account)
                .onItem()
                .ifNull()
                .failWith(ProblemException::tokenInvalid)
                .invoke(stored -> {
                    if (!stored.hasBytesOf(next)) {
                        stored.requireNext(next);
                        stored.requireSameKeys(next);
                        stored.replaceWith(next);
                    }
                })
                .replaceWithVoid();
    }

    /**
     * Takes the next version with new wrapped keys, in the transaction that changes the password.
     *
     * @return whether anything changed; not by the same bytes again
     * @throws ProblemException as {@link StoredVault#requireRekeyedNext}
     */
    public Uni<Boolean> rekey(AccountId account, SealedVault next) {
        return rows.held(account).map(stored -> {
            if (stored.hasBytesOf(next)) {
                return false;
            }
            stored.requireRekeyedNext(next);
            stored.replaceWith(next);
            return true;
        });
    }

    static ProblemException otherVersion(long stored) {
        return ProblemException.with(
                AuthProblem.VAULT_VERSION,
                "Another vault came first; read it and merge.",
                Map.of("vault_version", stored));
    }
}
