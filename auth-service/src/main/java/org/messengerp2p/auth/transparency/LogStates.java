package org.messengerp2p.auth.transparency;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

/** The one row of {@link LogState}. */
@ApplicationScoped
class LogStates implements PanacheRepositoryBase<LogState, Boolean> {
    /** Held until the transaction ends: whoever asks next waits for that. */
    Uni<LogState> held() {
        return findById(true, LockModeType.PESSIMISTIC_WRITE);
    }

    /** As it was committed last. */
    Uni<Frontier> frontier() {
        return findById(true).map(LogState::frontier);
    }
}
