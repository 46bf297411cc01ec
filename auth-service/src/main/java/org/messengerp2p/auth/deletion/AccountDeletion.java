package org.messengerp2p.auth.deletion;

import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.messengerp2p.auth.account.Account;
import org.messengerp2p.auth.account.Accounts;
import org.messengerp2p.auth.account.HeldBackNames;
import org.messengerp2p.auth.device.DeviceLists;
import org.messengerp2p.auth.device.DirectoryOutbox;
import org.messengerp2p.auth.login.Credentials;
import org.messengerp2p.auth.login.PasswordTries;
import org.messengerp2p.auth.login.Proof;
import org.messengerp2p.auth.login.Proven;
import org.messengerp2p.auth.prekey.PrekeyStock;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.DeviceBus;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * Ends an account for who has its password (MP2P/1 §20, point 12). One transaction deletes it here and writes what must
 * still be told: to mailbox-service, and of its devices to who holds their sockets. What its tables do not hold by their
 * keys they hold as keyed hashes, which name nobody and end by themselves.
 */
@ApplicationScoped
class AccountDeletion {
    private final Accounts accounts;
    private final HeldBackNames heldBack;
    private final Credentials credentials;
    private final PasswordTries tries;
    private final DeviceLists lists;
    private final PrekeyStock prekeys;
    private final DirectoryOutbox outbox;
    private final DeviceBus bus;

    AccountDeletion(
            Accounts accounts,
            HeldBackNames heldBack,
            Credentials credentials,
            PasswordTries tries,
            DeviceLists lists,
            PrekeyStock prekeys,
            DirectoryOutbox outbox,
            DeviceBus bus) {
        this.accounts = accounts;
        this.heldBack = heldBack;
        this.credentials = credentials;
        this.tries = tries;
        this.lists = lists;
        this.prekeys = prekeys;
        this.outbox = outbox;
        this.bus = bus;
    }

    /**
     * Completes when mailbox-service has answered, or after the call's timeout with the outbox still trying. Of two at
     * once the second finds nothing to do.
     *
     * @param address whose tries are counted, as at a sign-in
     * @throws ProblemException credentials-wrong, rate-limited, busy; token-invalid if the account is gone already
     */
    Uni<Void> delete(AccountId account, Proof proof, AddressPrefix address) {
        return credentials
                .of(account)
                .map(found -> found.orElseThrow(ProblemException::tokenInvalid))
                .chain(standing -> tries.guess(
                        account,
                        address,
                        place -> credentials
                                .check(standing, proof, place)
                                .map(proven -> proven.orElseThrow(Credentials::proofWrong)),
                        (proven, place) -> end(proven)))
                .invoke(devices -> devices.forEach(device -> bus.publish(new BusEvent.Revoked(device))))
                .chain(() -> outbox.handOver(account));
    }

    /** @return the devices that were listed */
    @WithTransaction
    Uni<List<Device>> end(Proven proven) {
        AccountId account = proven.account();
        return accounts.held(account)
                .map(found -> found.orElseThrow(ProblemException::tokenInvalid))
                .call(() -> credentials.requireUnchanged(proven))
                .chain(this::end)
                .map(listed -> listed.stream()
                        .map(device -> new Device(account, device))
                        .toList());
    }

    private Uni<List<DeviceId>> end(Account account) {
        return lists.end(account)
                .call(() -> prekeys.end(account.id()))
                .call(() -> heldBack.hold(account.username()))
                .call(() -> accounts.end(account));
    }
}
