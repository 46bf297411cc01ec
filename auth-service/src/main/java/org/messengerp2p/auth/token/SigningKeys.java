package org.messengerp2p.auth.token;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Function;

/** The keys that all replicas share. */
@ApplicationScoped
class SigningKeys implements PanacheRepositoryBase<SigningKey, String> {
    // Any number that nothing else in this database locks.
    private static final String HOLD = "select 1 from pg_advisory_xact_lock(7206120)";

    /** In the order in which they sign. */
    @WithSession
    Uni<List<SigningKey>> inOrder() {
        return listAll(Sort.ascending("signsFrom"));
    }

    /** Changes the keys while no other replica does; the change is given the keys as they stand then. */
    @WithTransaction
    Uni<Void> changed(Function<List<SigningKey>, Uni<Void>> change) {
        return getSession()
                .chain(session -> session.createNativeQuery(HOLD, Integer.class).getSingleResult())
                .chain(held -> listAll(Sort.ascending("signsFrom")))
                .chain(held -> change.apply(held));
    }

    Uni<Void> drop(List<String> keyIds) {
        return keyIds.isEmpty()
                ? Uni.createFrom().voidItem()
                : delete("keyId in ?1", keyIds).replaceWithVoid();
    }
}
