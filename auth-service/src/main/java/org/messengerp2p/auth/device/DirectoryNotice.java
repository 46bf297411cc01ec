package org.messengerp2p.auth.device;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.messengerp2p.auth.account.Account;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.DeviceId;

/** A device list, or the end of an account, that mailbox-service has not accepted yet. */
@Entity
@Table(name = "directory_outbox")
class DirectoryNotice {
    @Id
    @Column(name = "account_id")
    private UUID accountId;

    @Column(name = "list_version")
    private long listVersion;

    @Column(name = "device_ids")
    private long[] deviceIds;

    @Column(name = "removed_ids")
    private long[] removedIds;

    @Column(name = "tries")
    private int tries;

    @Column(name = "next_try_at")
    private Instant nextTryAt;

    protected DirectoryNotice() {}

    DirectoryNotice(DeviceList list, List<DeviceId> removed, Instant now) {
        this.accountId = list.account().value();
        this.removedIds = new long[0];
        takeOver(list, removed, now);
    }

    /** A newer list goes in place of this one; what this one removed stays named, since it may never have arrived. */
    final void takeOver(DeviceList list, List<DeviceId> removed, Instant now) {
        this.listVersion = list.version();
        this.deviceIds = ids(list.deviceIds()).toArray();
        this.removedIds = LongStream.concat(Arrays.stream(removedIds), ids(removed))
                .distinct()
                .toArray();
        this.tries = 0;
        this.nextTryAt = now;
    }

    /** The account has ended: what follows the last list has no device, as no list does. */
    static DirectoryNotice endAfter(Account account, Instant now) {
        DirectoryNotice end = new DirectoryNotice();
        end.accountId = account.id().value();
        end.endAfter(account.listVersion(), now);
        return end;
    }

    /** Goes in place of the list that waits. */
    final void endAfter(long lastVersion, Instant now) {
        this.listVersion = lastVersion + 1;
        this.deviceIds = new long[0];
        this.removedIds = new long[0];
        this.tries = 0;
        this.nextTryAt = now;
    }

    boolean isEnd() {
        return deviceIds.length == 0;
    }

    AccountId account() {
        return new AccountId(accountId);
    }

    long listVersion() {
        return listVersion;
    }

    List<DeviceId> devices() {
        return devices(deviceIds);
    }

    List<DeviceId> removed() {
        return devices(removedIds);
    }

    int tries() {
        return tries;
    }

    private static LongStream ids(List<DeviceId> devices) {
        return devices.stream().mapToLong(DeviceId::value);
    }

    private static List<DeviceId> devices(long[] ids) {
        return Arrays.stream(ids).mapToObj(DeviceId::of).toList();
    }
}
