package org.messengerp2p.auth.login;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.Optional;
import java.util.UUID;
import org.messengerp2p.auth.account.Username;
import org.messengerp2p.kit.identity.AccountId;

/** The credentials, by account and by name. */
@ApplicationScoped
class CredentialRows implements PanacheRepositoryBase<Credential, UUID> {
    /** One statement for names that exist and names that do not. */
    @WithSession
    Uni<Optional<Credential>> named(Username username) {
        return find(
                        "select c from Credential c, Account a where a.accountId = c.accountId and a.username = ?1",
                        username.value())
                .firstResult()
                .map(Optional::ofNullable);
    }

    @WithSession
    Uni<Optional<Credential>> of(AccountId account) {
        return findById(account.value()).map(Optional::ofNullable);
    }

    /** As {@link #of}, the same for all who use it until the transaction ends: others may only use it too. */
    Uni<Optional<Credential>> shared(AccountId account) {
        return findById(account.value(), LockModeType.PESSIMISTIC_READ).map(Optional::ofNullable);
    }

    /** As {@link #of}, held until the transaction ends. */
    Uni<Optional<Credential>> held(AccountId account) {
        return findById(account.value(), LockModeType.PESSIMISTIC_WRITE).map(Optional::ofNullable);
    }
}
