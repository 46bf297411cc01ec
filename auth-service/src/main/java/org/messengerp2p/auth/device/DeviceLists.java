package org.messengerp2p.auth.device;

import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.account.Account;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.kit.problem.ProblemException;

/** The chains of device lists (MP2P/1 §2, §20 point 4). Whoever changes one holds the account's row. */
@ApplicationScoped
public class DeviceLists {
    private final StoredLists lists;
    private final KnownDevices devices;
    private final RevokedDevices revoked;
    private final DirectoryNotices notices;

    DeviceLists(StoredLists lists, KnownDevices devices, RevokedDevices revoked, DirectoryNotices notices) {
        this.lists = lists;
        this.devices = devices;
        this.revoked = revoked;
        this.notices = notices;
    }

    /** Stores the list of a new account, in the caller's transaction. */
    public Uni<Void> begin(DeviceList first) {
        return lists.persist(new StoredList(first))
                .chain(() -> devices.add(known(first.account(), first.devices())))
                .chain(() -> notices.note(first, List.of()));
    }

    /**
     * Stores the next list of an account, in the caller's transaction.
     *
     * @param account held by the caller, so that of two updates the second sees the first
     * @throws ProblemException list-version if another list stands between, dlc-invalid if it breaks the chain
     */
    public Uni<ListChange> advance(Account account, DeviceList next) {
        if (next.version() != account.listVersion() + 1) {
            return Uni.createFrom().failure(otherVersion(account.listVersion()));
        }
        return newestOf(account.id()).chain(stored -> advance(account, stored, next));
    }

    /**
     * Ends what the lists of an account gave, in the caller's transaction, which deletes the account itself. Nothing
     * uploads to a device any more from here on.
     *
     * @param account held by the caller
     * @return the devices that were listed
     */
    public Uni<List<DeviceId>> end(Account account) {
        return devices.heldOf(account.id())
                .map(known -> known.stream()
                        .filter(KnownDevice::listed)
                        .map(KnownDevice::id)
                        .toList())
                .call(listed -> revoked.add(account.id(), listed))
                .call(() -> notices.noteEnd(account));
    }

    /** The newest list. */
    @WithSession
    public Uni<Optional<DeviceList>> newest(AccountId account) {
        return lists.newest(account).map(found -> found.map(StoredList::list));
    }

    /** Whether exactly this list was accepted before. */
    @WithSession
    public Uni<Boolean> isStored(DeviceList list) {
        return lists.findById(new StoredList.Key(list.account().value(), list.version()))
                .map(stored -> stored != null && stored.hasBytes(list));
    }

    /** The exact bytes of up to {@code most} versions from one on, ascending. */
    @WithSession
    public Uni<List<byte[]>> encodedFrom(AccountId account, long version, int most) {
        return lists.from(account, version, most)
                .map(found -> found.stream().map(StoredList::dlc).toList());
    }

    public static ProblemException otherVersion(long stored) {
        return ProblemException.with(
                AuthProblem.LIST_VERSION,
                "Another list came first; read it and make the next one.",
                Map.of("list_version", stored));
    }

    private Uni<ListChange> advance(Account account, DeviceList stored, DeviceList next) {
        refuseBrokenChain(stored, next);
        List<DeviceEntry> added = next.without(stored);
        List<DeviceId> removed =
                stored.without(next).stream().map(DeviceEntry::id).toList();
        account.listVersion(next.version());
        // Held before anything of them goes: who uploads holds its device too, and nothing comes after its end.
        return devices.heldOf(account.id())
                .invoke(known -> refuseUsedIds(known, added))
                .invoke(known -> known.stream()
                        .filter(device -> removed.contains(device.id()))
                        .forEach(device -> device.removeIn(next.version())))
                .chain(() -> devices.add(known(account.id(), added)))
                .chain(() -> lists.persist(new StoredList(next)))
                .chain(() -> revoked.add(account.id(), removed))
                .chain(() -> notices.note(next, removed))
                .replaceWith(new ListChange(account.id(), next.version(), added, removed));
    }

    private Uni<DeviceList> newestOf(AccountId account) {
        return lists.newest(account).map(found -> found.orElseThrow().list());
    }

    private static void refuseBrokenChain(DeviceList stored, DeviceList next) {
        if (!next.isChainedTo(stored)) {
            throw invalid("The list does not name the hash of the stored one.");
        }
        for (DeviceEntry device : next.devices()) {
            if (stored.entry(device.id())
                    .filter(before -> !before.sameAs(device))
                    .isPresent()) {
                throw invalid("The list changes a device that it keeps.");
            }
        }
    }

    private static void refuseUsedIds(List<KnownDevice> known, List<DeviceEntry> added) {
        boolean used = known.stream()
                .anyMatch(device -> added.stream().anyMatch(entry -> entry.id().equals(device.id())));
        if (used) {
            throw invalid("A device id is used again.");
        }
    }

    private static List<KnownDevice> known(AccountId account, List<DeviceEntry> entries) {
        return entries.stream()
                .map(entry -> new KnownDevice(new Device(account, entry.id()), entry))
                .collect(Collectors.toList());
    }

    private static ProblemException invalid(String detail) {
        return ProblemException.of(AuthProblem.DLC_INVALID, detail);
    }
}
