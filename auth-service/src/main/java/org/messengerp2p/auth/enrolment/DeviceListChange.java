package org.messengerp2p.auth.enrolment;

import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.messengerp2p.auth.account.Account;
import org.messengerp2p.auth.account.Accounts;
import org.messengerp2p.auth.device.DeviceEntry;
import org.messengerp2p.auth.device.DeviceList;
import org.messengerp2p.auth.device.DeviceLists;
import org.messengerp2p.auth.device.DirectoryOutbox;
import org.messengerp2p.auth.device.ListChange;
import org.messengerp2p.auth.limit.AuthLimit;
import org.messengerp2p.auth.limit.Charge;
import org.messengerp2p.auth.limit.LastingLimits;
import org.messengerp2p.auth.prekey.PrekeyBatch;
import org.messengerp2p.auth.prekey.PrekeyStock;
import org.messengerp2p.auth.token.PendingToken;
import org.messengerp2p.auth.token.PendingTokens;
import org.messengerp2p.auth.transparency.KeyLog;
import org.messengerp2p.auth.work.BoundedWork;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.DeviceBus;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * Adds and removes devices by the next list of an account (MP2P/1 §2, §20 point 4). A PENDING token adds exactly one
 * device, with its prekeys; the token of a device comes without any.
 */
@ApplicationScoped
class DeviceListChange {
    private final Accounts accounts;
    private final DeviceLists lists;
    private final PrekeyStock prekeys;
    private final PendingTokens pending;
    private final KeyLog log;
    private final DirectoryOutbox outbox;
    private final DeviceBus bus;
    private final LastingLimits limits;
    private final BoundedWork work;
    private final Clock clock;

    DeviceListChange(
            Accounts accounts,
            DeviceLists lists,
            PrekeyStock prekeys,
            PendingTokens pending,
            KeyLog log,
            DirectoryOutbox outbox,
            DeviceBus bus,
            LastingLimits limits,
            BoundedWork work,
            Clock clock) {
        this.accounts = accounts;
        this.lists = lists;
        this.prekeys = prekeys;
        this.pending = pending;
        this.log = log;
        this.outbox = outbox;
        this.bus = bus;
        this.limits = limits;
        this.work = work;
        this.clock = clock;
    }

    /** The device that a PENDING token adds, and what it uploads. */
    private record Newcomer(DeviceEntry entry, PrekeyBatch prekeys) {}

    /**
     * @param uploaded records of the device that a PENDING token adds
     * @return the version of the list that stands then; a list that was accepted before is answered again
     * @throws ProblemException dlc-invalid, list-version, prekey-invalid, rate-limited
     */
    Uni<Long> change(Caller caller, byte[] dlc, Optional<List<byte[]>> uploaded) {
        return work.run(() -> verified(caller, dlc))
                .chain(next -> lists.isStored(next)
                        .chain(stored -> stored
                                ? Uni.createFrom().item(next.version())
                                : limits.take(Charge.of(AuthLimit.LISTS_BY_ACCOUNT, caller.account()))
                                        .chain(() -> byDeviceOrNewcomer(caller, next, uploaded))
                                        .onFailure(ProblemException.class)
                                        .recoverWithUni(refusal -> whatCameFirst(next, refusal))));
    }

    /** By a listed device. */
    @WithTransaction
    Uni<ListChange> advance(Caller caller, DeviceList next) {
        return held(caller)
                .chain(account -> lists.advance(account, next))
                .call(this::endRemoved)
                .call(() -> log.add(next));
    }

    /** By a PENDING token, which is used up with it. */
    @WithTransaction
    Uni<ListChange> advance(Caller caller, DeviceList next, Newcomer newcomer) {
        Device device = new Device(next.account(), newcomer.entry().id());
        return held(caller)
                .chain(account -> pending.held(caller)
                        .map(DeviceListChange::usable)
                        .chain(token ->
                                lists.advance(account, next).invoke(change -> token.usedFor(change.listVersion()))))
                .call(this::endRemoved)
                .call(() -> prekeys.begin(device, newcomer.prekeys()))
                .call(() -> log.add(next));
    }

    /** Of two requests at once that are the same the second finds what the first one stored. */
    private Uni<Long> whatCameFirst(DeviceList next, Throwable refusal) {
        return lists.isStored(next)
                .chain(stored -> stored
                        ? Uni.createFrom().item(next.version())
                        : Uni.createFrom().failure(refusal));
    }

    private Uni<Long> byDeviceOrNewcomer(Caller caller, DeviceList next, Optional<List<byte[]>> uploaded) {
        if (caller.device().isPresent()) {
            refuseUploadByDevice(uploaded);
            return advance(caller, next).call(this::announce).map(ListChange::listVersion);
        }
        return lists.newest(next.account())
                .map(found -> found.orElseThrow(ProblemException::tokenInvalid))
                .chain(stored -> work.run(() -> newcomer(stored, next, uploaded)))
                .chain(newcomer -> advance(caller, next, newcomer))
                .call(this::announce)
                .map(ListChange::listVersion);
    }

    private DeviceList verified(Caller caller, byte[] dlc) {
        DeviceList next = DeviceListCheck.verified(dlc, clock);
        if (!next.account().equals(caller.account())) {
            throw DeviceListCheck.invalid("The list is not that of the caller's account.");
        }
        return next;
    }

    private Newcomer newcomer(DeviceList stored, DeviceList next, Optional<List<byte[]>> uploaded) {
        if (next.version() != stored.version() + 1) {
            throw DeviceLists.otherVersion(stored.version());
        }
        List<DeviceEntry> added = next.without(stored);
        if (added.size() != 1) {
            throw DeviceListCheck.invalid("A sign-in adds exactly one device.");
        }
        DeviceEntry entry = added.get(0);
        PrekeyBatch batch = PrekeyBatch.verified(
                uploaded.orElse(List.of()), new Device(next.account(), entry.id()), entry.dsk(), clock);
        if (!batch.hasLastingKeys()) {
            throw PrekeyBatch.invalid("A new device uploads an SPK and a PQL at least.");
        }
        return new Newcomer(entry, batch);
    }

    /** The account may have ended since the caller was let in. */
    private Uni<Account> held(Caller caller) {
        return accounts.held(caller.account()).map(found -> found.orElseThrow(ProblemException::tokenInvalid));
    }

    private Uni<Void> endRemoved(ListChange change) {
        return Multi.createFrom()
                .iterable(change.removed())
                .onItem()
                .transformToUniAndConcatenate(removed -> prekeys.end(new Device(change.account(), removed)))
                .collect()
                .last();
    }

    /** After the commit: what removed devices hold open ends, and mailbox-service is told. */
    private Uni<Void> announce(ListChange change) {
        change.removed().forEach(removed -> bus.publish(new BusEvent.Revoked(new Device(change.account(), removed))));
        return outbox.handOver(change.account());
    }

    private static void refuseUploadByDevice(Optional<List<byte[]>> uploaded) {
        if (uploaded.isPresent()) {
            throw PrekeyBatch.invalid("A listed device changes the list without prekeys.");
        }
    }

    private static PendingToken usable(Optional<PendingToken> found) {
        PendingToken token = found.filter(unused -> !unused.isUsed()).orElseThrow(ProblemException::tokenInvalid);
        if (token.owesPassword()) {
            throw ProblemException.of(
                    CommonProblem.PENDING_TOKEN, "A sign-in by recovery code sets a new password first.");
        }
        return token;
    }
}
