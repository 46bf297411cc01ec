package org.messengerp2p.auth.password;

import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.messengerp2p.auth.account.Account;
import org.messengerp2p.auth.account.Accounts;
import org.messengerp2p.auth.login.Credential;
import org.messengerp2p.auth.login.Credentials;
import org.messengerp2p.auth.login.PasswordTries;
import org.messengerp2p.auth.login.Proven;
import org.messengerp2p.auth.secret.ServerSecrets;
import org.messengerp2p.auth.token.LiveCallers;
import org.messengerp2p.auth.token.PendingToken;
import org.messengerp2p.auth.token.PendingTokens;
import org.messengerp2p.auth.vault.SealedVault;
import org.messengerp2p.auth.vault.StoredVault;
import org.messengerp2p.auth.vault.Vaults;
import org.messengerp2p.auth.work.BoundedWork;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * Changes password, recovery code and the vault's keys, all or none of it, and ends the account's other sign-ins that
 * have not become devices (MP2P/1 §20). Devices and their tokens stay.
 */
@ApplicationScoped
class PasswordChange {
    private final Accounts accounts;
    private final Credentials credentials;
    private final Vaults vaults;
    private final LiveCallers callers;
    private final PendingTokens pending;
    private final PasswordTries tries;
    private final ServerSecrets secrets;
    private final BoundedWork work;

    PasswordChange(
            Accounts accounts,
            Credentials credentials,
            Vaults vaults,
            LiveCallers callers,
            PendingTokens pending,
            PasswordTries tries,
            ServerSecrets secrets,
            BoundedWork work) {
        this.accounts = accounts;
        this.credentials = credentials;
        this.vaults = vaults;
        this.callers = callers;
        this.pending = pending;
        this.tries = tries;
        this.secrets = secrets;
        this.work = work;
    }

    /** A request whose vault has been checked by itself. */
    private record Attempt(Caller caller, PasswordRequest request, SealedVault next) {
        AccountId account() {
            return caller.account();
        }
    }

    /** What a request is compared with before its work is done, and again when it is stored. */
    private record Standing(Credential credential, Account account, StoredVault vault) {}

    /**
     * @return the vault's version; a request that was accepted before is answered again, without a look at its proof
     * @throws ProblemException pending-token for a sign-in by password; then credentials-wrong, vault-version,
     *     vault-header, in this order
     */
    Uni<Long> change(Caller caller, PasswordRequest request, AddressPrefix address) {
        return requireMayChange(caller)
                .chain(() -> work.run(() -> vaults.sealed(caller.account(), request.vault())))
                .map(next -> new Attempt(caller, request, next))
                .call(attempt -> standing(attempt.account())
                        .map(standing -> standing.orElseThrow(ProblemException::tokenInvalid))
                        .chain(standing -> standing.vault().hasBytesOf(attempt.next())
                                ? Uni.createFrom().voidItem()
                                : change(attempt, standing, address)))
                .map(attempt -> attempt.next().version());
    }

    /** The credential first: where it is that of a repeated request, the vault is that request's too. */
    @WithSession
    Uni<Optional<Standing>> standing(AccountId account) {
        return credentials
                .of(account)
                .chain(credential -> accounts.of(account)
                        .chain(found -> vaults.newest(account)
                                .map(vault -> credential.flatMap(known -> found.flatMap(
                                        named -> vault.map(stored -> new Standing(known, named, stored)))))));
    }

    /** Whoever changes devices, password or sign-ins of an account holds its row, so that what was checked still holds. */
    @WithTransaction
    Uni<Void> store(Attempt attempt, Proven proven, Credentials.Draft draft) {
        return accounts.held(attempt.account())
                .chain(() -> callers.require(attempt.caller()))
                .chain(() -> vaults.rekey(attempt.account(), attempt.next()))
                .chain(changed -> changed
                        ? credentials
                                .replace(proven, draft)
                                .chain(() -> pending.endOthers(attempt.caller()))
                                .chain(() -> noteOfCaller(attempt.caller()))
                        : Uni.createFrom().voidItem());
    }

    private Uni<Void> change(Attempt attempt, Standing standing, AddressPrefix address) {
        PasswordRequest request = attempt.request();
        return tries.guess(
                attempt.account(),
                address,
                place -> credentials
                        .check(standing.credential(), request.proof(), place)
                        .map(proven -> proven.orElseThrow(Credentials::proofWrong)),
                (proven, place) -> {
                    requireFit(attempt, standing);
                    return credentials
                            .draft(request.kdf(), request.authSecret(), request.recovery(), place)
                            .chain(draft -> store(attempt, proven, draft));
                });
    }

    private void requireFit(Attempt attempt, Standing standing) {
        standing.vault().requireRekeyedNext(attempt.next());
        attempt.next()
                .blob()
                .requireKeysOf(
                        attempt.request().kdf(),
                        secrets.serverSalt(standing.account().username().value()),
                        attempt.request().recovery().isPresent());
    }

    private Uni<Void> requireMayChange(Caller caller) {
        return caller.device().isPresent()
                ? Uni.createFrom().voidItem()
                : pending.of(caller)
                        .invoke(found ->
                                found.filter(PendingToken::isByRecovery).orElseThrow(PasswordChange::refused))
                        .replaceWithVoid();
    }

    /** A sign-in by recovery code may add its device from now on. */
    private Uni<Void> noteOfCaller(Caller caller) {
        return caller.device().isPresent()
                ? Uni.createFrom().voidItem()
                : pending.of(caller)
                        .invoke(found -> found.ifPresent(PendingToken::passwordIsSet))
                        .replaceWithVoid();
    }

    private static ProblemException refused() {
        return ProblemException.of(
                CommonProblem.PENDING_TOKEN, "A sign-in by password changes it from the device that it adds.");
    }
}
