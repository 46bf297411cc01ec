package org.messengerp2p.auth.enrolment;

import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.account.Account;
import org.messengerp2p.auth.account.Accounts;
import org.messengerp2p.auth.account.HeldBackNames;
import org.messengerp2p.auth.account.Username;
import org.messengerp2p.auth.device.DeviceEntry;
import org.messengerp2p.auth.device.DeviceList;
import org.messengerp2p.auth.device.DeviceLists;
import org.messengerp2p.auth.device.DirectoryOutbox;
import org.messengerp2p.auth.limit.AuthLimit;
import org.messengerp2p.auth.limit.Charge;
import org.messengerp2p.auth.limit.LastingLimits;
import org.messengerp2p.auth.login.Credentials;
import org.messengerp2p.auth.prekey.PrekeyBatch;
import org.messengerp2p.auth.prekey.PrekeyStock;
import org.messengerp2p.auth.secret.ServerSecrets;
import org.messengerp2p.auth.transparency.KeyLog;
import org.messengerp2p.auth.vault.SealedVault;
import org.messengerp2p.auth.vault.VaultBlob;
import org.messengerp2p.auth.vault.Vaults;
import org.messengerp2p.auth.wire.Hashes;
import org.messengerp2p.auth.work.BoundedWork;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.problem.ProblemException;

/** Makes an account with its first device, all of it or nothing (MP2P/1 §20, points 1 to 5). */
@ApplicationScoped
class Registration {
    private static final Duration REPEATABLE_FOR = Duration.ofHours(24);

    private final Accounts accounts;
    private final HeldBackNames heldBack;
    private final Credentials credentials;
    private final DeviceLists lists;
    private final PrekeyStock prekeys;
    private final Vaults vaults;
    private final KeyLog log;
    private final DirectoryOutbox outbox;
    private final LastingLimits limits;
    private final ServerSecrets secrets;
    private final BoundedWork work;
    private final Clock clock;

    Registration(
            Accounts accounts,
            HeldBackNames heldBack,
            Credentials credentials,
            DeviceLists lists,
            PrekeyStock prekeys,
            Vaults vaults,
            KeyLog log,
            DirectoryOutbox outbox,
            LastingLimits limits,
            ServerSecrets secrets,
            BoundedWork work,
            Clock clock) {
        this.accounts = accounts;
        this.heldBack = heldBack;
        this.credentials = credentials;
        this.lists = lists;
        this.prekeys = prekeys;
        this.vaults = vaults;
        this.log = log;
        this.outbox = outbox;
        this.limits = limits;
        this.secrets = secrets;
        this.work = work;
        this.clock = clock;
    }

    /** A request whose list and vault have been checked by themselves; H(dlc || vault) names it. */
    private record Application(RegistrationRequest request, DeviceList list, SealedVault vault, byte[] hash) {
        Username username() {
            return request.username();
        }

        AccountId account() {
            return list.account();
        }
    }

    /**
     * @return the id of the account, of which this is the first request or a repeat
     * @throws ProblemException dlc-invalid, vault-header, prekey-invalid, username-taken, rate-limited, busy
     */
    Uni<AccountId> register(RegistrationRequest request) {
        return work.admitted(place -> place.run(() -> checked(request))
                        .chain(application -> repeated(application)
                                .chain(repeated -> repeated
                                        ? Uni.createFrom().item(application.account())
                                        : begin(application, place))))
                .call(outbox::handOver);
    }

    /**
     * Whether the account is there already by this very request.
     *
     * @throws ProblemException username-taken for any other request that names what is there
     */
    @WithSession
    Uni<Boolean> repeated(Application application) {
        // The name first: an account that is made between the two questions is then seen by the second at least.
        return accounts.named(application.username())
                .chain(byName -> accounts.of(application.account())
                        .map(byId -> byId.isEmpty() && byName.isEmpty() ? false : repeats(application, byId)));
    }

    /** @return whether the account was made; not if name or id were taken meanwhile */
    @WithTransaction
    Uni<Boolean> store(Application application, PrekeyBatch batch, Credentials.Draft credential) {
        AccountId id = application.account();
        DeviceList list = application.list();
        Account account = new Account(id, application.username(), list.aik(), application.hash(), clock.instant());
        return accounts.insertIfFree(account)
                .call(() -> refuseHeldBack(application))
                .call(free -> free
                        ? refuseFormer(id)
                                .chain(() -> credentials.begin(id, credential))
                                .chain(() -> lists.begin(list))
                                .chain(() -> prekeys.begin(
                                        new Device(id, list.deviceIds().get(0)), batch))
                                .chain(() -> vaults.begin(id, application.vault()))
                                .chain(() -> log.begin(application.username(), list))
                        : Uni.createFrom().voidItem());
    }

    private Uni<AccountId> begin(Application application, BoundedWork.Place place) {
        RegistrationRequest request = application.request();
        return refuseHeldBack(application)
                .chain(() -> place.run(() -> verifiedPrekeys(application)))
                // Only what would make an account: what all share is not used up by anything that is refused.
                .call(() -> limits.take(Charge.ofAll(AuthLimit.REGISTRATIONS)))
                .chain(batch -> credentials
                        .draft(request.kdf(), request.authSecret(), request.recovery(), place)
                        .chain(credential -> store(application, batch, credential)))
                .chain(stored -> stored ? Uni.createFrom().item(application.account()) : whatCameFirst(application));
    }

    /** Of two requests at once the second finds what the first one stored. */
    private Uni<AccountId> whatCameFirst(Application application) {
        return repeated(application).map(repeated -> {
            if (!repeated) {
                throw taken();
            }
            return application.account();
        });
    }

    private Uni<Void> refuseHeldBack(Application application) {
        return heldBack.holds(application.username())
                .invoke(held -> {
                    if (held) {
                        throw taken();
                    }
                })
                .replaceWithVoid();
    }

    private Application checked(RegistrationRequest request) {
        DeviceList list = DeviceListCheck.verified(request.dlc(), clock);
        if (!list.isFirst()) {
            throw DeviceListCheck.invalid("A first list has version 1, nothing before it, and one device.");
        }
        SealedVault vault = vaults.sealed(list.account(), request.vault());
        refuseUnfitHeader(request, vault.blob());
        return new Application(request, list, vault, Hashes.sha256(request.dlc(), request.vault()));
    }

    private void refuseUnfitHeader(RegistrationRequest request, VaultBlob vault) {
        if (vault.vrkGen() != 1 || vault.version() != 1) {
            throw VaultBlob.refused("A first vault has vrk_gen 1 and vault_version 1.");
        }
        vault.requireKeysOf(
                request.kdf(),
                secrets.serverSalt(request.username().value()),
                request.recovery().isPresent());
    }

    private PrekeyBatch verifiedPrekeys(Application application) {
        DeviceEntry device = application.list().devices().get(0);
        PrekeyBatch batch = PrekeyBatch.verified(
                application.request().prekeys(), new Device(application.account(), device.id()), device.dsk(), clock);
        if (!batch.hasLastingKeys()) {
            throw PrekeyBatch.invalid("A first upload holds an SPK and a PQL.");
        }
        return batch;
    }

    private boolean repeats(Application application, Optional<Account> byId) {
        return byId.filter(account -> account.username().equals(application.username())
                        && Arrays.equals(account.registrationHash(), application.hash())
                        && account.createdAt().plus(REPEATABLE_FOR).isAfter(clock.instant()))
                .map(account -> true)
                .orElseThrow(Registration::taken);
    }

    /** An id whose account is gone has a first list in the log already. */
    private Uni<Void> refuseFormer(AccountId id) {
        return log.knows(id)
                .invoke(known -> {
                    if (known) {
                        throw taken();
                    }
                })
                .replaceWithVoid();
    }

    private static ProblemException taken() {
        return ProblemException.of(AuthProblem.USERNAME_TAKEN, "The user name is taken.");
    }
}
