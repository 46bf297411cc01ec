package org.messengerp2p.auth.account;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.Optional;
import java.util.UUID;
import org.messengerp2p.kit.identity.AccountId;

/** The accounts, by id and by name. */
@ApplicationScoped
public class Accounts implements PanacheRepositoryBase<Account, UUID> {
    public Uni<Optional<Account>> named(Username username) {
        return find("username", username.value()).firstResult().map(Optional::ofNullable);
    }

    public Uni<Optional<Account>> of(AccountId id) {
        return findById(id.value()).map(Optional::ofNullable);
    }

    /** As {@link #of}, held until the transaction ends: what changes an account's keys goes one after the other. */
    public Uni<Optional<Account>> held(AccountId id) {
        return findById(id.value(), LockModeType.PESSIMISTIC_WRITE).map(Optional::ofNullable);
    }
}
