package org.messengerp2p.auth.prekey;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;

/** The prekeys that wait to be handed out. */
@ApplicationScoped
class Prekeys implements PanacheRepositoryBase<Prekey, PrekeyName> {
    private static final String OF_DEVICE = "name.accountId = ?1 and name.deviceId = ?2";

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

    /** Deletes at once, not at the flush: what takes the place of a lasting key is inserted after it. */
    Uni<Void> drop(Device device, Collection<Prekey> dropped) {
        Uni<Void> all = Uni.createFrom().voidItem();
        for (PrekeyKind kind : PrekeyKind.values()) {
            List<Long> ids = dropped.stream()
                    .filter(prekey -> prekey.isOf(kind))
                    .map(Prekey::keyId)
                    .collect(Collectors.toList());
            if (!ids.isEmpty()) {
                all = all.chain(() -> drop(device, kind, ids));
            }
        }
        return all;
    }

    private Uni<Void> drop(Device device, PrekeyKind kind, List<Long> ids) {
        return delete(
                        OF_DEVICE + " and name.kind = ?3 and name.keyId in ?4",
                        device.account().value(),
                        device.device().value(),
                        kind.code(),
                        ids)
                .replaceWithVoid();
    }
}
