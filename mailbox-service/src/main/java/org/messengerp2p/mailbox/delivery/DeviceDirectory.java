package org.messengerp2p.mailbox.delivery;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.DeviceBus;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.mailbox.MailboxSettings;

/**
 * This service's copy of the device lists (architecture: "Between services"). auth-service alone writes them and hands
 * each new one over; since a copy may be behind, auth-service is asked before anybody is refused by it.
 */
@ApplicationScoped
public class DeviceDirectory {

    private static final Logger LOG = Logger.getLogger(DeviceDirectory.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final DirectoryStore store;
    private final DeviceLists lists;
    private final DeviceBus bus;
    private final DirectoryQuestions questions;

    DeviceDirectory(DirectoryStore store, DeviceLists lists, DeviceBus bus, MailboxSettings settings) {
        this.store = store;
        this.lists = lists;
        this.bus = bus;
        this.questions = new DirectoryQuestions(settings.askAgainAfter(), System::nanoTime, this::askNow);
    }

    /**
     * Takes a list if it is newer than what is known. Devices that it does not have lose their mailboxes, named as
     * removed or not: lists between may never have come.
     *
     * @param devices one at least: an account without devices has ended
     * @param removed devices whose mailboxes end
     * @return completes after the commit
     */
    public Uni<Void> accept(AccountId account, long listVersion, List<DeviceId> devices, List<DeviceId> removed) {
        if (devices.isEmpty()) {
            return Uni.createFrom().failure(new IllegalArgumentException("a list has a device"));
        }
        if (devices.stream().anyMatch(removed::contains)) {
            return Uni.createFrom().failure(new IllegalArgumentException("a device is listed and removed"));
        }
        return store.take(account, listVersion, devices);
    }

    /**
     * Deletes what there is of an account that has ended, and the watches that its delivery token opened. A list that
     * is on its way does not bring it back.
     *
     * @return completes after the commit
     */
    public Uni<Void> end(AccountId account) {
        return store.end(account).invoke(() -> bus.publish(new BusEvent.NewDeliveryToken(account)));
    }

    /**
     * Runs what a listed device may do.
     *
     * @param attempt gives empty if the directory does not list the device, and has done nothing then
     * @return fails with device-revoked where auth-service does not list it either
     */
    public <T> Uni<T> asListed(Device caller, Supplier<Uni<Optional<T>>> attempt) {
        return attempt.get()
                .chain(done -> done.isPresent()
                        ? Uni.createFrom().item(done)
                        : ask(caller.account()).chain(attempt::get))
                .map(done -> done.orElseThrow(DeviceDirectory::revoked));
    }

    /** Fails with device-revoked where the device is not listed, whatever its token says. */
    Uni<Void> requireListed(Device caller) {
        return asListed(
                        caller,
                        () -> store.isListed(caller)
                                .map(listed -> listed ? Optional.of(caller) : Optional.<Device>empty()))
                .replaceWithVoid();
    }

    /** Makes the copy as new as auth-service's list; fails with unavailable where that cannot be asked. */
    Uni<Void> ask(AccountId account) {
        return questions.ask(account);
    }

    private Uni<Void> askNow(AccountId account) {
        return lists.of(account)
                .onFailure()
                .transform(DeviceDirectory::unavailable)
                .chain(found -> found.map(entry -> store.take(account, entry.listVersion(), entry.devices()))
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    private static ProblemException revoked() {
        return ProblemException.of(CommonProblem.DEVICE_REVOKED, "The device is not on the list of its account.");
    }

    /** Nobody is told that a device or account is not there because nobody could be asked. */
    private static ProblemException unavailable(Throwable failure) {
        LOG.warnf(
                "auth-service cannot be asked for a device list (%s)",
                failure.getClass().getSimpleName());
        return ProblemException.retryAfter(
                CommonProblem.UNAVAILABLE, "The device list cannot be read; try again.", RETRY_AFTER);
    }
}
