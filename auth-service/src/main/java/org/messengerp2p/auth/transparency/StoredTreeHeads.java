package org.messengerp2p.auth.transparency;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;

/** The one row of {@link StoredTreeHead}. */
@ApplicationScoped
class StoredTreeHeads implements PanacheRepositoryBase<StoredTreeHead, Boolean> {
    // Of two replicas that sign at the same time one is first, and the other's head is then shown to nobody.
    private static final String PUBLISH = """
            insert into tree_head (size, ms, root, signature, signed_at)
            values (:size, :ms, :root, :signature, :signedAt)
            on conflict (only_row) do update
               set size = excluded.size, ms = excluded.ms, root = excluded.root,
                   signature = excluded.signature, signed_at = excluded.signed_at
             where tree_head.ms < excluded.ms
               and (tree_head.size < excluded.size
                    or tree_head.size = excluded.size and tree_head.root = excluded.root)
            """;

    Uni<Optional<StoredTreeHead>> newest() {
        return findById(true).map(Optional::ofNullable);
    }

    /** @return whether it is the newest now; not if it would contradict one that came first */
    @WithTransaction
    Uni<Boolean> publish(TreeHead head, Instant signedAt) {
        return getSession()
                .chain(session -> session.createNativeQuery(PUBLISH)
                        .setParameter("size", head.size())
                        .setParameter("ms", head.ms())
                        .setParameter("root", head.root())
                        .setParameter("signature", head.signature())
                        .setParameter("signedAt", signedAt)
                        .executeUpdate())
                .map(rows -> rows == 1);
    }
}
