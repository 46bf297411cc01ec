package org.messengerp2p.auth.device;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;

/** The devices by id, the removed ones too. */
@ApplicationScoped
public class KnownDevices implements PanacheRepositoryBase<KnownDevice, DeviceKey> {
    @WithSession
    public Uni<Optional<KnownDevice>> of(Device device) {
        return findById(DeviceKey.of(device)).map(Optional::ofNullable);
    }

    /** As {@link #of}, held until the transaction ends: what a device uploads goes one after the other. */
    public Uni<Optional<KnownDevice>> held(Device device) {
        return findById(DeviceKey.of(device), LockModeType.PESSIMISTIC_WRITE).map(Optional::ofNullable);
    }

    /** All that are or were listed, held until the transaction ends. */
    Uni<List<KnownDevice>> heldOf(AccountId account) {
        return find("key.accountId", Sort.ascending("key.deviceId"), account.value())
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .list();
    }

    Uni<Void> add(List<KnownDevice> added) {
        return added.isEmpty() ? Uni.createFrom().voidItem() : persist(added);
    }
}
