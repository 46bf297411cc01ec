package org.messengerp2p.mailbox.archive;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.mailbox.MailboxProblem;
import org.messengerp2p.mailbox.delivery.DeviceDirectory;
import org.messengerp2p.mailbox.sealing.ArchiveSeal;

/**
 * The archive of the caller's account, which each of its listed devices reads and writes whole (MP2P/1 §9.3, §20 point
 * 14). Nobody reaches another account's: the account is the token's.
 */
@ApplicationScoped
public class Archive {

    private static final Logger LOG = Logger.getLogger(Archive.class);

    private final ArchiveSettings.Quota quota;
    private final ArchiveLimits limits;
    private final DeviceDirectory directory;
    private final ArchiveStore store;
    private final ArchivedSegments segments;
    private final ArchivedManifests manifests;
    private final ArchiveSeal seal;
    private final ArchiveMetrics metrics;

    Archive(
            ArchiveSettings settings,
            ArchiveLimits limits,
            DeviceDirectory directory,
            ArchiveStore store,
            ArchivedSegments segments,
            ArchivedManifests manifests,
            ArchiveSeal seal,
            ArchiveMetrics metrics) {
        this.quota = settings.quota();
        this.limits = limits;
        this.directory = directory;
        this.store = store;
        this.segments = segments;
        this.manifests = manifests;
        this.seal = seal;
        this.metrics = metrics;
    }

    /** Stores a segment that was not there; the same again changes nothing, other bytes are refused. */
    Uni<Void> putSegment(Device caller, Series series, Revision revision, byte[] segment) {
        limits.takeWrite(caller.account());
        requireNotTooLarge(segment);
        return directory
                .asListed(
                        caller,
                        () -> store.change(
                                caller,
                                held -> segments.find(held, series, revision)
                                        .chain(there -> there.isPresent()
                                                ? requireSame(held, series, revision, segment, there.get())
                                                : add(held, series, revision, segment))))
                .invoke(metrics::segment)
                .replaceWithVoid();
    }

    /** Replaces the manifest by its successor, and deletes what that drops in the same transaction. */
    Uni<Void> putManifest(Device caller, Series series, ManifestRequest request) {
        limits.takeWrite(caller.account());
        requireNotTooLarge(request.manifest());
        if (request.drop().size() > ManifestRequest.MAX_DROP) {
            throw ProblemException.of(CommonProblem.TOO_LARGE, "At most 4096 segments are dropped at once.");
        }
        return directory
                .asListed(
                        caller,
                        () -> store.change(
                                caller,
                                held -> manifests
                                        .find(held, series)
                                        .chain(old -> isRepeated(held, series, request, old)
                                                ? Uni.createFrom().item(Optional.<ArchivedManifests.Replaced>empty())
                                                : replace(held, series, request, old)
                                                        .map(Optional::of))))
                .invoke(replaced -> replaced.ifPresent(done -> metrics.manifest(done.dropped())))
                .replaceWithVoid();
    }

    Uni<Segment> segment(Device caller, Series series, Revision revision) {
        limits.takeRead(caller.account());
        return directory
                .asListed(caller, () -> segments.fetch(caller, series, revision))
                .map(found -> found.orElseThrow(Archive::notFound))
                .map(bytes -> new Segment(seal.open(row(caller.account(), series, revision), bytes)
                        .orElseThrow(this::unreadable)))
                .invoke(metrics::fetched);
    }

    Uni<SegmentPage> segments(Device caller, Series series, Place after) {
        limits.takeRead(caller.account());
        return directory.asListed(caller, () -> segments.page(caller, series, after));
    }

    Uni<ManifestPage> manifests(Device caller, Place after) {
        limits.takeRead(caller.account());
        return directory
                .asListed(caller, () -> manifests.page(caller, after))
                .map(page -> opened(caller.account(), page));
    }

    /** Everything, of all devices. */
    Uni<Void> delete(Device caller) {
        limits.takeWrite(caller.account());
        return directory.asListed(caller, () -> store.delete(caller)).replaceWithVoid();
    }

    /** @return that it was added */
    private Uni<Boolean> add(HeldArchive held, Series series, Revision revision, byte[] segment) {
        if (held.segments() >= quota.segments()
                || held.bytes() + segment.length > quota.bytes().asLongValue()) {
            throw full();
        }
        byte[] sealed = seal.seal(row(held.account(), series, revision), segment);
        return segments.add(held, series, revision, segment.length, sealed).replaceWith(true);
    }

    /**
     * One that cannot be opened is not overwritten: another key may still open it.
     *
     * @return that nothing was added
     */
    private Uni<Boolean> requireSame(HeldArchive held, Series series, Revision revision, byte[] segment, byte[] there) {
        boolean same = seal.open(row(held.account(), series, revision), there)
                .filter(opened -> Arrays.equals(opened, segment))
                .isPresent();
        return same
                ? Uni.createFrom().item(false)
                : manifests.find(held, series).map(stored -> {
                    throw otherVersion(stored.manNo(), "There is another segment by this name; nothing was stored.");
                });
    }

    /** @throws ProblemException manifest-version if it is neither the stored one nor its successor */
    private boolean isRepeated(HeldArchive held, Series series, ManifestRequest request, ArchivedManifests.Stored old) {
        if (request.manNo() == old.manNo() + 1) {
            return false;
        }
        boolean same = request.manNo() == old.manNo()
                && seal.open(row(held.account(), series, old.manNo()), old.sealed())
                        .filter(opened -> Arrays.equals(opened, request.manifest()))
                        .isPresent();
        if (!same) {
            throw otherVersion(old.manNo(), "The stored manifest is another one; nothing was changed.");
        }
        return true;
    }

    /** A full archive takes what makes it smaller. */
    private Uni<ArchivedManifests.Replaced> replace(
            HeldArchive held, Series series, ManifestRequest request, ArchivedManifests.Stored old) {
        byte[] sealed = seal.seal(row(held.account(), series, request.manNo()), request.manifest());
        return manifests.replace(held, series, old, request, sealed).invoke(done -> {
            boolean tooMany = done.manifests() > held.manifests() && done.manifests() > quota.manifests();
            boolean tooLong =
                    done.bytes() > held.bytes() && done.bytes() > quota.bytes().asLongValue();
            if (tooMany || tooLong) {
                throw full();
            }
        });
    }

    private ManifestPage opened(AccountId account, ArchivedManifests.Page page) {
        List<ManifestPage.Item> items =
                page.entries().stream().map(entry -> opened(account, entry)).toList();
        tellUnreadable(
                (int) items.stream().filter(item -> item.manifest() == null).count());
        return new ManifestPage(items, page.last() ? null : behind(page).text());
    }

    private ManifestPage.Item opened(AccountId account, ArchivedManifests.Entry entry) {
        Series series = entry.series();
        return new ManifestPage.Item(
                series.device(),
                series.gen(),
                entry.manNo(),
                seal.open(row(account, series, entry.manNo()), entry.sealed()).orElse(null));
    }

    private static Place behind(ArchivedManifests.Page page) {
        Series last = page.entries().get(page.entries().size() - 1).series();
        return new Place(last.device().value(), last.gen());
    }

    private static ArchiveSeal.Row row(AccountId account, Series series, Revision revision) {
        return ArchiveSeal.Row.segment(account, series.device(), series.gen(), revision.segNo(), revision.rev());
    }

    private static ArchiveSeal.Row row(AccountId account, Series series, long manNo) {
        return ArchiveSeal.Row.manifest(account, series.device(), series.gen(), manNo);
    }

    private void tellUnreadable(int rows) {
        if (rows > 0) {
            metrics.unreadable(rows);
            LOG.errorf("%d rows of an archive cannot be opened by the keyset of this service", rows);
        }
    }

    private ProblemException unreadable() {
        tellUnreadable(1);
        return ProblemException.of(
                MailboxProblem.SEGMENT_UNREADABLE, "The segment is there and the service has no key that opens it.");
    }

    private static void requireNotTooLarge(byte[] sealedByDevice) {
        if (sealedByDevice.length > Segment.MAX_LENGTH) {
            throw ProblemException.of(CommonProblem.TOO_LARGE, "A segment or manifest has at most 262216 bytes.");
        }
    }

    private ProblemException full() {
        metrics.full();
        return ProblemException.of(MailboxProblem.QUOTA_FULL, "The archive is full; what a manifest drops makes room.");
    }

    private static ProblemException otherVersion(long manNo, String detail) {
        return ProblemException.with(MailboxProblem.MANIFEST_VERSION, detail, Map.of("man_no", manNo));
    }

    private static ProblemException notFound() {
        return ProblemException.of(CommonProblem.NOT_FOUND, "There is no such segment.");
    }
}
