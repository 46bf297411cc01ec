package org.messengerp2p.auth.login;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.messengerp2p.auth.account.Username;
import org.messengerp2p.auth.secret.ServerSecrets;
import org.messengerp2p.auth.wire.Hashes;
import org.messengerp2p.auth.work.BoundedWork;
import org.messengerp2p.kit.identity.AccountId;

/** What an account proves itself by at a sign-in. */
@ApplicationScoped
public class Credentials {
    private final CredentialRows rows;
    private final SecretHasher hasher;
    private final ServerSecrets secrets;
    private final BoundedWork work;

    Credentials(CredentialRows rows, SecretHasher hasher, ServerSecrets secrets, BoundedWork work) {
        this.rows = rows;
        this.hasher = hasher;
        this.secrets = secrets;
        this.work = work;
    }

    /** A credential that is not stored yet. */
    public static final class Draft {
        private final ClientKdf kdf;
        private final Verifier verifier;
        private final byte[] recoveryHash;

        private Draft(ClientKdf kdf, Verifier verifier, byte[] recoveryHash) {
            this.kdf = kdf;
            this.verifier = verifier;
            this.recoveryHash = recoveryHash;
        }
    }

    /** Does the hashing, outside any transaction. */
    public Uni<Draft> draft(ClientKdf kdf, ClientSecret secret, Optional<ClientSecret> recovery) {
        byte[] recoveryHash = recovery.map(code -> Hashes.sha256(code.value())).orElse(null);
        return work.run(() -> new Draft(kdf, hasher.verifierOf(secret), recoveryHash));
    }

    /** In the transaction that makes the account. */
    public Uni<Void> begin(AccountId account, Draft draft) {
        return rows.persist(new Credential(account, draft.kdf, draft.verifier, draft.recoveryHash))
                .replaceWithVoid();
    }

    /** What a client needs to derive its secret; a name that does not exist is answered alike, each time the same. */
    public Uni<Parameters> parameters(Username name) {
        byte[] salt = secrets.serverSalt(name.value());
        return rows.named(name)
                .map(found -> new Parameters(found.map(Credential::kdf).orElse(ClientKdf.STANDARD), salt));
    }

    /** @return the account whose secret this is; a name that does not exist costs as much as a wrong secret */
    Uni<Optional<AccountId>> check(Username name, ClientSecret secret) {
        return rows.named(name).chain(found -> {
            Verifier verifier = found.map(Credential::verifier).orElse(hasher.nobodys());
            return work.run(() -> hasher.matches(secret, verifier))
                    .map(right -> found.filter(credential -> right).map(Credential::account));
        });
    }

    /** Cost and {@code server_salt} of a name (MP2P/1 §9.1). */
    public record Parameters(ClientKdf kdf, byte[] serverSalt) {}
}
