package org.messengerp2p.mailbox.delivery;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import org.messengerp2p.mailbox.MailboxMetrics;
import org.messengerp2p.mailbox.MailboxSettings;
import org.messengerp2p.mailbox.sealing.EnvelopeSeal;

/** Stores batches: those that come at the same time together, and what that leaves over one by one. */
@ApplicationScoped
public class EnvelopeStore {

    private final DeviceDirectory directory;
    private final EnvelopeSeal seal;
    private final StoreGroups groups;
    private final SingleStore single;

    EnvelopeStore(
            DeviceDirectory directory,
            EnvelopeSeal seal,
            GroupedStore grouped,
            SingleStore single,
            Vertx vertx,
            MailboxSettings settings,
            MailboxMetrics metrics) {
        this.directory = directory;
        this.seal = seal;
        this.single = single;
        this.groups = new StoreGroups(
                settings.store(),
                settings.database(),
                System::nanoTime,
                (wait, task) -> vertx.setTimer(wait.toMillis(), timer -> task.run()),
                batches -> {
                    metrics.storedTogether(batches.size());
                    return grouped.store(batches);
                },
                new LeftOvers(this::alone));
    }

    /** Completes after the commit; fails with device-revoked where the sender is not listed. */
    Uni<StoreOutcome> store(Batch batch) {
        return Uni.createFrom().deferred(() -> groups.store(SealedBatch.of(batch, seal)));
    }

    private Uni<StoreOutcome> alone(SealedBatch sealed) {
        return sealed.batch()
                .sender()
                .map(directory::requireListed)
                .orElseGet(() -> Uni.createFrom().voidItem())
                .chain(() -> single.store(sealed));
    }
}
