package org.messengerp2p.auth.prekey;

import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.device.KnownDevice;
import org.messengerp2p.auth.device.KnownDevices;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * What a device uploads. The same bytes again change nothing, and a key that was handed out or replaced does not come
 * back by a late repeat: each one-time key is handed out at most once (MP2P/1 §3).
 */
@ApplicationScoped
public class PrekeyStock {
    private final Prekeys prekeys;
    private final RetiredPrekeys retired;
    private final KnownDevices devices;
    private final PrekeySettings settings;
    private final Clock clock;

    PrekeyStock(Prekeys prekeys, RetiredPrekeys retired, KnownDevices devices, PrekeySettings settings, Clock clock) {
        this.prekeys = prekeys;
        this.retired = retired;
        this.devices = devices;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Stores the first records of a device, in the transaction that lists it.
     *
     * @throws ProblemException prekey-invalid for more than are kept of a device
     */
    public Uni<Void> begin(Device device, PrekeyBatch batch) {
        List<Prekey> first = rows(device, fresh(batch.records()));
        if (isTooMany(counts(first))) {
            return Uni.createFrom()
                    .failure(PrekeyBatch.invalid("The upload has more one-time keys than are kept of a device."));
        }
        return prekeys.add(first);
    }

    /** Drops what a removed device offered, in the transaction that removes it. */
    public Uni<Void> end(Device device) {
        return prekeys.drop(device);
    }

    /**
     * Drops what all devices of an account offered, in the transaction that ends it and after it holds them. By itself,
     * not with the device's row: who is being handed a key holds that first and asks for the device then.
     */
    public Uni<Void> end(AccountId account) {
        return prekeys.drop(account);
    }

    /** Adds to what is there; an SPK or PQL takes the place of its predecessor. */
    @WithTransaction
    Uni<PrekeyCounts> append(Device device, PrekeyBatch batch) {
        return upload(
                device,
                batch,
                (existing, added) -> existing.stream()
                        .filter(prekey -> added.stream().anyMatch(record -> succeeds(record, prekey)))
                        .toList());
    }

    /** Leaves exactly these, but for those of them that were handed out already. */
    @WithTransaction
    Uni<PrekeyCounts> replace(Device device, PrekeyBatch batch) {
        return upload(
                device,
                batch,
                (existing, added) -> existing.stream()
                        .filter(prekey -> batch.records().stream().noneMatch(prekey::hasBytes))
                        .toList());
    }

    @WithSession
    Uni<PrekeyDigest> digest(Device device) {
        return prekeys.ofDevice(device)
                .map(this::offered)
                .map(offered -> new PrekeyDigest(
                        lastingId(offered, PrekeyKind.SPK),
                        lastingId(offered, PrekeyKind.PQL),
                        ids(offered, PrekeyKind.OPK),
                        ids(offered, PrekeyKind.PQO)));
    }

    /** Which stored prekeys an upload takes away. */
    private interface Replacement {
        List<Prekey> of(List<Prekey> existing, List<PrekeyRecord> added);
    }

    private Uni<PrekeyCounts> upload(Device device, PrekeyBatch batch, Replacement replacement) {
        return devices.held(device)
                .map(found -> found.orElseThrow(ProblemException::tokenInvalid))
                .invoke(PrekeyStock::requireListed)
                .chain(() -> prekeys.ofDevice(device))
                .chain(existing -> retired.namedIn(batch, device)
                        .map(gone -> unseen(device, batch, existing, gone))
                        .chain(added -> store(device, existing, added, replacement.of(existing, added))));
    }

    private Uni<PrekeyCounts> store(
            Device device, List<Prekey> existing, List<PrekeyRecord> added, List<Prekey> replaced) {
        List<Prekey> kept = new ArrayList<>(existing);
        kept.removeAll(replaced);
        kept = offered(kept);
        kept.addAll(rows(device, added));
        PrekeyCounts counts = counts(kept);
        if (isTooMany(counts)) {
            return Uni.createFrom()
                    .failure(ProblemException.of(
                            AuthProblem.PREKEY_LIMIT, "The device would have more one-time keys than are kept."));
        }
        return prekeys.retire(device, replaced, clock.instant())
                .chain(() -> prekeys.add(rows(device, added)))
                .replaceWith(counts);
    }

    private boolean isTooMany(PrekeyCounts counts) {
        return counts.nOpk() > settings.mostOpk() || counts.nPqo() > settings.mostPqo();
    }

    /** The records that are not there yet and never were. */
    private List<PrekeyRecord> unseen(
            Device device, PrekeyBatch batch, List<Prekey> existing, List<RetiredPrekey> gone) {
        Map<PrekeyName, Prekey> there = existing.stream().collect(Collectors.toMap(Prekey::name, Function.identity()));
        Map<PrekeyName, RetiredPrekey> before =
                gone.stream().collect(Collectors.toMap(RetiredPrekey::name, Function.identity()));
        List<PrekeyRecord> unseen = new ArrayList<>();
        for (PrekeyRecord record : fresh(batch.records())) {
            PrekeyName name = PrekeyName.of(device, record);
            Prekey stored = there.get(name);
            RetiredPrekey former = before.get(name);
            if (stored != null && !stored.hasBytes(record) || former != null && !former.hasBytes(record)) {
                throw PrekeyBatch.invalid("A key id is used for another key.");
            }
            if (stored == null && former == null) {
                unseen.add(record);
            }
        }
        return unseen;
    }

    private List<PrekeyRecord> fresh(List<PrekeyRecord> records) {
        long oldest = oldestOneTime();
        return records.stream()
                .filter(record -> !record.kind().oneTime() || record.createdMs() > oldest)
                .toList();
    }

    /** Without the one-time keys that are too old to be handed out. */
    private List<Prekey> offered(List<Prekey> stored) {
        long oldest = oldestOneTime();
        return stored.stream()
                .filter(prekey ->
                        prekey.createdMs() > oldest || prekey.isOf(PrekeyKind.SPK) || prekey.isOf(PrekeyKind.PQL))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private long oldestOneTime() {
        return clock.instant().minus(settings.oneTimeLife()).toEpochMilli();
    }

    private static boolean succeeds(PrekeyRecord added, Prekey stored) {
        return !added.kind().oneTime() && stored.isOf(added.kind());
    }

    private static List<Prekey> rows(Device device, List<PrekeyRecord> records) {
        return records.stream().map(record -> new Prekey(device, record)).toList();
    }

    private static PrekeyCounts counts(List<Prekey> offered) {
        return new PrekeyCounts(
                ids(offered, PrekeyKind.OPK).size(),
                ids(offered, PrekeyKind.PQO).size());
    }

    private static List<Long> ids(List<Prekey> offered, PrekeyKind kind) {
        return offered.stream()
                .filter(prekey -> prekey.isOf(kind))
                .map(Prekey::keyId)
                .toList();
    }

    private static Long lastingId(List<Prekey> offered, PrekeyKind kind) {
        return ids(offered, kind).stream().findFirst().orElse(null);
    }

    private static void requireListed(KnownDevice device) {
        if (!device.listed()) {
            throw ProblemException.of(CommonProblem.DEVICE_REVOKED, "The device is not listed any more.");
        }
    }
}
