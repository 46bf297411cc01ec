package org.messengerp2p.auth.login;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.account.Username;
import org.messengerp2p.auth.secret.ServerSecrets;
import org.messengerp2p.auth.wire.Hashes;
import org.messengerp2p.auth.work.BoundedWork;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.problem.ProblemException;

/** What an account proves itself by at a sign-in. */
@ApplicationScoped
public class Credentials {
    private final CredentialRows rows;
    private final SecretHasher hasher;
    private final ServerSecrets secrets;

    Credentials(CredentialRows rows, SecretHasher hasher, ServerSecrets secrets) {
        this.rows = rows;
        this.hasher = hasher;
        this.secrets = secrets;
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
    public Uni<Draft> draft(
            ClientKdf kdf, ClientSecret secret, Optional<ClientSecret> recovery, BoundedWork.Place place) {
        byte[] recoveryHash = recovery.map(code -> Hashes.sha256(code.value())).orElse(null);
        return place.run(() -> new Draft(kdf, hasher.verifierOf(secret), recoveryHash));
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

    /** @return whose secret this is; a name that does not exist costs as much as a wrong secret */
    Uni<Optional<Proven>> check(Username name, Proof proof, BoundedWork.Place place) {
        return rows.named(name).chain(found -> check(found, proof, place));
    }

    /** What stands now, to check a proof against. */
    public Uni<Optional<Credential>> of(AccountId account) {
        return rows.of(account);
    }

    /** @return empty for a wrong secret */
    public Uni<Optional<Proven>> check(Credential standing, Proof proof, BoundedWork.Place place) {
        return check(Optional.of(standing), proof, place);
    }

    /**
     * In the transaction that does something by a proof: no other credential comes until it ends.
     *
     * @throws ProblemException credentials-wrong if another one has come since the check
     */
    public Uni<Void> requireUnchanged(Proven proven) {
        return rows.shared(proven.account())
                .invoke(standing -> requireProvenBy(standing, proven))
                .replaceWithVoid();
    }

    /**
     * Takes a new password and a new code or none, in the caller's transaction.
     *
     * @throws ProblemException credentials-wrong if another one has come since the check
     */
    public Uni<Void> replace(Proven proven, Draft draft) {
        return rows.held(proven.account())
                .invoke(standing ->
                        requireProvenBy(standing, proven).replaceWith(draft.kdf, draft.verifier, draft.recoveryHash))
                .replaceWithVoid();
    }

    /** @return credentials-wrong for who is signed in */
    public static ProblemException proofWrong() {
        return wrong("The password or the recovery code that proves the caller is not right.");
    }

    static ProblemException wrong(String detail) {
        return ProblemException.of(AuthProblem.CREDENTIALS_WRONG, detail);
    }

    /** Cost and {@code server_salt} of a name (MP2P/1 §9.1). */
    public record Parameters(ClientKdf kdf, byte[] serverSalt) {}

    private Uni<Optional<Proven>> check(Optional<Credential> found, Proof proof, BoundedWork.Place place) {
        return matches(found, proof, place)
                .map(right -> found.filter(credential -> right)
                        .map(credential -> new Proven(
                                credential.account(), credential.verifier().hash())));
    }

    private Uni<Boolean> matches(Optional<Credential> found, Proof proof, BoundedWork.Place place) {
        if (proof.isRecovery()) {
            return Uni.createFrom().item(hasher.matchesCode(proof.recAuth(), found.flatMap(Credential::recoveryHash)));
        }
        Verifier verifier = found.map(Credential::verifier).orElse(hasher.nobodys());
        return place.run(() -> hasher.matches(proof.authSecret(), verifier));
    }

    private static Credential requireProvenBy(Optional<Credential> standing, Proven proven) {
        return standing.filter(credential -> proven.isBy(credential.verifier()))
                .orElseThrow(() -> wrong("The password was changed meanwhile."));
    }
}
