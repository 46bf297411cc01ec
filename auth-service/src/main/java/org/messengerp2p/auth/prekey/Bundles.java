package org.messengerp2p.auth.prekey;

import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.messengerp2p.auth.device.DeviceList;
import org.messengerp2p.auth.device.DeviceLists;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;

/** Prekey bundles: what a peer needs to begin a session with each device of an account (MP2P/1 §2). */
@ApplicationScoped
class Bundles {
    private final DeviceLists lists;
    private final Prekeys prekeys;
    private final OneTimeKeys oneTimeKeys;

    Bundles(DeviceLists lists, Prekeys prekeys, OneTimeKeys oneTimeKeys) {
        this.lists = lists;
        this.prekeys = prekeys;
        this.oneTimeKeys = oneTimeKeys;
    }

    /**
     * @param wanted devices to take keys of; empty for all that are listed
     * @return empty for an account that does not exist
     */
    @WithTransaction
    Uni<Optional<Bundle>> handOut(AccountId requester, AccountId target, Set<DeviceId> wanted) {
        return lists.newest(target)
                .chain(found -> found.map(
                                list -> handOut(requester, list, wanted).map(Optional::of))
                        .orElse(Uni.createFrom().item(Optional.empty())));
    }

    private Uni<Bundle> handOut(AccountId requester, DeviceList list, Set<DeviceId> wanted) {
        List<DeviceId> devices = list.deviceIds().stream()
                .filter(device -> wanted.isEmpty() || wanted.contains(device))
                .sorted((one, other) -> Long.compare(one.value(), other.value()))
                .toList();
        return prekeys.lasting(list.account())
                .chain(lasting -> Multi.createFrom()
                        .iterable(devices)
                        .onItem()
                        .transformToUniAndConcatenate(
                                device -> keysOf(requester, new Device(list.account(), device), lasting))
                        .filter(Optional::isPresent)
                        .map(Optional::get)
                        .collect()
                        .asList())
                .map(keys -> new Bundle(list.encoded(), keys));
    }

    /** Nothing of a device that could not be reached with it: a one-time key is not spent in vain. */
    private Uni<Optional<DeviceKeys>> keysOf(AccountId requester, Device device, List<Prekey> lasting) {
        Optional<byte[]> spk = recordOf(lasting, device, PrekeyKind.SPK);
        if (spk.isEmpty()) {
            return Uni.createFrom().item(Optional.empty());
        }
        return oneTimeKeys
                .take(requester, device)
                .map(taken -> recordOf(taken, device, PrekeyKind.PQO)
                        .or(() -> recordOf(lasting, device, PrekeyKind.PQL))
                        .map(pq -> new DeviceKeys(
                                device.device(),
                                spk.get(),
                                recordOf(taken, device, PrekeyKind.OPK).orElse(null),
                                pq)));
    }

    private static Optional<byte[]> recordOf(List<Prekey> prekeys, Device device, PrekeyKind kind) {
        return prekeys.stream()
                .filter(prekey -> prekey.isOf(kind)
                        && prekey.name().deviceId() == device.device().value())
                .map(Prekey::record)
                .findFirst();
    }
}
