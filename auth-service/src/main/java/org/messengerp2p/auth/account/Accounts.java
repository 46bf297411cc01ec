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
    // A violated constraint would write the name into the database's log.
    private static final String INSERT_IF_FREE = """
            insert into account (account_id, username, aik, list_version, registration_hash, created_at)
            values (:id, :username, :aik, :version, :hash, :created)
            on conflict do nothing
            """;

    private static final String HAND_SKELETON_ON = """
            update account
               set shares_skeleton = false
             where account_id = (
                select account_id
                  from account
                 where skeleton = :skeleton and shares_skeleton
                 order by created_at, account_id
                 limit 1)
               and not exists (select from account where skeleton = :skeleton and not shares_skeleton)
            """;

    /**
     * @return whether it was stored; not if the id is another account's, or a name that looks like this one, also of an
     *     account made just now
     */
    public Uni<Boolean> insertIfFree(Account account) {
        return getSession()
                .chain(session -> session.createNativeQuery(INSERT_IF_FREE)
                        .setParameter("id", account.id().value())
                        .setParameter("username", account.username().value())
                        .setParameter("aik", account.aik())
                        .setParameter("version", account.listVersion())
                        .setParameter("hash", account.registrationHash())
                        .setParameter("created", account.createdAt())
                        .executeUpdate())
                .map(rows -> rows == 1);
    }

    /**
     * Deletes an account with all that belongs to it. Of accounts that were alike before names were compared the oldest
     * that is left keeps newcomers off from now on.
     */
    public Uni<Void> end(Account account) {
        return delete("accountId", account.id().value())
                .chain(() -> getSession())
                .chain(session -> session.createNativeQuery(HAND_SKELETON_ON)
                        .setParameter(
                                "skeleton", NameSkeleton.of(account.username()).value())
                        .executeUpdate())
                .replaceWithVoid();
    }

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
