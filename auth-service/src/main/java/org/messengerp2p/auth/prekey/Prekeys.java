package org.messengerp2p.auth.prekey;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;

/** The prekeys that wait to be handed out. */
@ApplicationScoped
class Prekeys implements PanacheRepositoryBase<Prekey, PrekeyName> {
    private static final String OF_DEVICE = "name.accountId = ?1 and name.deviceId = ?2";

    // One that is handed out at this moment is gone when the delete has waited for it, and retired by who took it.
    private static final String RETIRE = """
            with replaced as (
                delete from prekey
                 where account_id = :account and device_id = :device and kind = :kind and key_id = any(:ids)
                returning prekey.*
            )
            insert into retired_prekey (account_id, device_id, kind, key_id, record_hash, retired_at)
            select account_id, device_id, kind, key_id, sha256(record), cast(:now as timestamptz) from replaced
            """;

    Uni<List<Prekey>> ofDevice(Device device) {
        return list(OF_DEVICE, device.account().value(), device.device().value());
    }

    /** SPK and PQL of every device of the account. */
    Uni<List<Prekey>> lasting(AccountId account) {
        return list(
                "name.accountId = ?1 and name.kind in ?2",
                account.value(),
                List.of(PrekeyKind.SPK.code(), PrekeyKind.PQL.code()));
    }

    Uni<Void> add(List<Prekey> added) {
        return added.isEmpty() ? Uni.createFrom().voidItem() : persist(added);
    }

    Uni<Void> drop(AccountId account) {
        return delete("name.accountId", account.value()).replaceWithVoid();
    }

    Uni<Void> drop(Device device) {
        return delete(OF_DEVICE, device.account().value(), device.device().value())
                .replaceWithVoid();
    }

    /**
     * Takes these away for good: none of their ids may come again. At once, not at the flush, since what takes the place
     * of a lasting key is inserted after it.
     */
    Uni<Void> retire(Device device, Collection<Prekey> replaced, Instant now) {
        Uni<Void> all = Uni.createFrom().voidItem();
        for (PrekeyKind kind : PrekeyKind.values()) {
            Long[] ids = replaced.stream()
                    .filter(prekey -> prekey.isOf(kind))
                    .map(Prekey::keyId)
                    .toArray(Long[]::new);
            if (ids.length > 0) {
                all = all.chain(() -> retire(device, kind, ids, now));
            }
        }
        return all;
    }

    private Uni<Void> retire(Device device, PrekeyKind kind, Long[] ids, Instant now) {
        return getSession()
                .chain(session -> session.createNativeQuery(RETIRE)
                        .setParameter("account", device.account().value())
                        .setParameter("device", device.device().value())
                        .setParameter("kind", kind.code())
                        .setParameter("ids", ids)
                        .setParameter("now", now)
                        .executeUpdate())
                .replaceWithVoid();
    }
}
