package org.messengerp2p.auth.login;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import org.messengerp2p.auth.account.Username;

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
}
