package org.messengerp2p.mailbox.collection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.mailbox.EnvelopeId;
import org.messengerp2p.mailbox.MailboxMetrics;
import org.messengerp2p.mailbox.delivery.DeviceDirectory;
import org.messengerp2p.mailbox.sealing.EnvelopeSeal;

/** A device takes what waits for it, and says what it has committed (MP2P/1 §6.2, §20 point 7). */
@ApplicationScoped
public class Collection {

    private static final Logger LOG = Logger.getLogger(Collection.class);

    private final DeviceDirectory directory;
    private final WaitingEnvelopes waiting;
    private final EnvelopeSeal seal;
    private final MailboxMetrics metrics;

    Collection(DeviceDirectory directory, WaitingEnvelopes waiting, EnvelopeSeal seal, MailboxMetrics metrics) {
        this.directory = directory;
        this.waiting = waiting;
        this.seal = seal;
        this.metrics = metrics;
    }

    Uni<CollectedPage> collect(Device caller, Cursor after, int limit) {
        return directory
                .asListed(caller, () -> waiting.page(caller, after, limit))
                .chain(page -> opened(caller, page, limit))
                .invoke(page -> metrics.collected(page.items().size()));
    }

    /** Deletes what the device has; nothing else ever does before it expires. */
    Uni<Void> acknowledge(Device caller, AckRequest request) {
        if (request.ids().size() > AckRequest.MAX_IDS) {
            throw ProblemException.of(CommonProblem.TOO_LARGE, "At most 200 envelopes are acknowledged at once.");
        }
        return directory
                .asListed(caller, () -> waiting.acknowledge(caller, request.ids()))
                .invoke(metrics::acknowledged)
                .replaceWithVoid();
    }

    /**
     * A row that no key opens is left out and left where it is, so that it expires and is counted; the device must get
     * past it. A page of such rows alone would look to the device like the end of what it can get, so the next is taken.
     */
    private Uni<CollectedPage> opened(Device caller, WaitingEnvelopes.Page page, int limit) {
        List<CollectedPage.Item> items = new ArrayList<>(page.envelopes().size());
        page.envelopes().forEach(row -> open(caller, row).ifPresent(items::add));
        tellUnreadable(page.envelopes().size() - items.size());
        if (items.isEmpty() && !page.last()) {
            return directory
                    .asListed(caller, () -> waiting.page(caller, behind(page), limit))
                    .chain(next -> opened(caller, next, limit));
        }
        String next = page.envelopes().isEmpty() ? null : behind(page).text();
        return Uni.createFrom().item(new CollectedPage(items, next, page.last(), page.expired()));
    }

    private Optional<CollectedPage.Item> open(Device caller, WaitingEnvelopes.Envelope row) {
        EnvelopeId id = row.id();
        return seal.open(caller, id, row.sealed()).map(envelope -> new CollectedPage.Item(id, envelope));
    }

    private void tellUnreadable(int rows) {
        if (rows > 0) {
            metrics.unreadable(rows);
            LOG.errorf("%d waiting envelopes cannot be opened by the keyset of this service", rows);
        }
    }

    private static Cursor behind(WaitingEnvelopes.Page page) {
        return page.envelopes().get(page.envelopes().size() - 1).at();
    }
}
