package org.messengerp2p.auth.prekey;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.messengerp2p.kit.identity.Device;

/** The ids that may not come again. */
@ApplicationScoped
class RetiredPrekeys implements PanacheRepositoryBase<RetiredPrekey, PrekeyName> {
    /** Those that an upload names. */
    Uni<List<RetiredPrekey>> namedIn(PrekeyBatch batch, Device device) {
        List<Long> ids = batch.records().stream().map(PrekeyRecord::keyId).toList();
        return list(
                "name.accountId = ?1 and name.deviceId = ?2 and name.keyId in ?3",
                device.account().value(),
                device.device().value(),
                ids);
    }
}
