package org.messengerp2p.auth.vault;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.UUID;
import org.messengerp2p.kit.identity.AccountId;

/** One vault an account. */
@ApplicationScoped
class StoredVaults implements PanacheRepositoryBase<StoredVault, UUID> {
    Uni<StoredVault> of(AccountId account) {
        return findById(account.value());
    }

    /** As {@link #of}, held until the transaction ends. */
    Uni<StoredVault> held(AccountId account) {
        return findById(account.value(), LockModeType.PESSIMISTIC_WRITE);
    }
}
