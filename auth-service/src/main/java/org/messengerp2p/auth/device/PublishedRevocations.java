package org.messengerp2p.auth.device;

import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.messengerp2p.kit.identity.Device;

/** What other services may ask: which devices were removed since they last asked (architecture: "Between services"). */
@ApplicationScoped
public class PublishedRevocations {
    private static final int PAGE = 1000;

    private final RevokedDevices devices;

    PublishedRevocations(RevokedDevices devices) {
        this.devices = devices;
    }

    /**
     * Each removal is told at least once, whichever transaction ends first; some are told again.
     *
     * @param cursor of the last answer; empty for every removal that a token may outlive
     * @throws IllegalArgumentException if no answer had this cursor
     */
    public Uni<Page> since(Optional<String> cursor) {
        return since(cursor.map(RevocationCursor::parse).orElse(RevocationCursor.START));
    }

    /**
     * What was removed, in no order that means anything.
     *
     * @param next cursor of the next question
     * @param more whether to ask at once
     */
    public record Page(List<Device> devices, String next, boolean more) {}

    @WithSession
    Uni<Page> since(RevocationCursor cursor) {
        // In this order: a removal that is committed in between is told now and once more, never left out.
        return devices.firstOpenTransaction()
                .chain(open -> cursor.beginsRound() ? first(cursor, open) : further(cursor));
    }

    private Uni<Page> first(RevocationCursor cursor, long open) {
        // Of another database, as after a restore: its numbers mean nothing here.
        long from = cursor.transaction() <= open ? cursor.transaction() : 0;
        return devices.byTransactionsFrom(from, PAGE + 1).map(found -> page(found, open));
    }

    private Uni<Page> further(RevocationCursor cursor) {
        return devices.after(cursor.serial(), PAGE + 1).map(found -> page(found, cursor.transaction()));
    }

    private static Page page(List<RevokedDevice> found, long nextRound) {
        boolean more = found.size() > PAGE;
        List<RevokedDevice> told = more ? found.subList(0, PAGE) : found;
        RevocationCursor next = more
                ? new RevocationCursor(nextRound, told.get(PAGE - 1).serial())
                : RevocationCursor.beginning(nextRound);
        return new Page(told.stream().map(RevokedDevice::device).toList(), next.text(), more);
    }
}
