package org.messengerp2p.auth.device;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Page;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.messengerp2p.kit.identity.AccountId;

/** Every version of every device list. */
@ApplicationScoped
class StoredLists implements PanacheRepositoryBase<StoredList, StoredList.Key> {
    Uni<Optional<StoredList>> newest(AccountId account) {
        return find("key.accountId", Sort.descending("key.listVersion"), account.value())
                .firstResult()
                .map(Optional::ofNullable);
    }

    /** Versions from {@code version} on, ascending. */
    Uni<List<StoredList>> from(AccountId account, long version, int most) {
        return find(
                        "key.accountId = ?1 and key.listVersion >= ?2",
                        Sort.ascending("key.listVersion"),
                        account.value(),
                        version)
                .page(Page.ofSize(most))
                .list();
    }
}
