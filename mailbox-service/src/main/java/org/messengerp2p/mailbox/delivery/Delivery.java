package org.messengerp2p.mailbox.delivery;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.DeviceBus;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.mailbox.MailboxMetrics;
import org.messengerp2p.mailbox.MailboxProblem;

/** Takes envelopes for the devices of an account (MP2P/1 §6.3, §20 point 7). */
@ApplicationScoped
public class Delivery {

    private final DeliveryLimits limits;
    private final DeviceDirectory directory;
    private final EnvelopeStore store;
    private final DeviceBus bus;
    private final Clock clock;
    private final MailboxMetrics metrics;

    Delivery(
            DeliveryLimits limits,
            DeviceDirectory directory,
            EnvelopeStore store,
            DeviceBus bus,
            Clock clock,
            MailboxMetrics metrics) {
        this.limits = limits;
        this.directory = directory;
        this.store = store;
        this.bus = bus;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** From whoever shows the token; the server does not learn the sender. */
    Uni<DeliveryAnswer> deliver(DeliverRequest request, AddressPrefix from) {
        DeliveryTokenHash token = DeliveryTokenHash.ofToken(request.token());
        return counted(request.envelopes(), () -> {
            limits.takeDeliver(from, request.to(), token);
            Envelopes.requireNotTooLarge(request.envelopes());
            return put(Batch.by(token, request.to(), request.listVersion(), request.envelopes()))
                    .onFailure(Delivery::isWrongToken)
                    .invoke(() -> limits.tokenWasWrong(from));
        });
    }

    /** From a device that has signed in: to its own account, or to one that has not given it a token. */
    Uni<DeliveryAnswer> send(Device sender, MessagesRequest request) {
        return counted(request.envelopes(), () -> {
            limits.takeMessages(sender.account());
            Envelopes.requireNotTooLarge(request.envelopes());
            return put(Batch.from(sender, request.to(), request.listVersion(), request.envelopes()));
        });
    }

    /** Counts what is refused with its whole request. */
    private Uni<DeliveryAnswer> counted(List<AddressedEnvelope> envelopes, Supplier<Uni<DeliveryAnswer>> delivery) {
        return Uni.createFrom()
                .<DeliveryAnswer>deferred(delivery::get)
                .onFailure(ProblemException.class)
                .invoke(refusal -> metrics.refused(refusal.type(), envelopes.size()));
    }

    private static boolean isWrongToken(Throwable failure) {
        return failure instanceof ProblemException refusal && refusal.type() == MailboxProblem.DELIVERY_TOKEN;
    }

    private Uni<DeliveryAnswer> put(Batch batch) {
        return store.store(batch)
                .chain(outcome -> mayBeBehind(batch, outcome)
                        ? directory.ask(batch.to()).chain(() -> store.store(batch))
                        : Uni.createFrom().item(outcome))
                .map(outcome -> answer(batch, outcome));
    }

    /** Whether auth-service may know better than the directory. A token it cannot know, and an older list neither. */
    private static boolean mayBeBehind(Batch batch, StoreOutcome outcome) {
        return outcome instanceof StoreOutcome.UnknownAccount
                || outcome instanceof StoreOutcome.OtherList other && other.listVersion() < batch.listVersion();
    }

    private DeliveryAnswer answer(Batch batch, StoreOutcome outcome) {
        if (outcome instanceof StoreOutcome.Done done) {
            return committed(batch, done);
        }
        if (outcome instanceof StoreOutcome.OtherList other) {
            throw ProblemException.with(
                    MailboxProblem.LIST_VERSION,
                    "The device list of the recipient is another one; nothing was stored.",
                    Map.of("list_version", other.listVersion()));
        }
        if (outcome instanceof StoreOutcome.WrongToken) {
            throw ProblemException.of(MailboxProblem.DELIVERY_TOKEN, "The delivery token is not valid.");
        }
        throw ProblemException.of(CommonProblem.NOT_FOUND, "There is no such account.");
    }

    private DeliveryAnswer committed(Batch batch, StoreOutcome.Done done) {
        List<DeliveryAnswer.Result> results = new ArrayList<>(done.states().size());
        // A repeated envelope gives a hint too: that of the first time may be what was lost.
        Set<DeviceId> waiting = new LinkedHashSet<>();
        int full = 0;
        for (int i = 0; i < done.states().size(); i++) {
            ItemState state = done.states().get(i);
            DeviceId device = batch.envelopes().get(i).deviceId();
            if (state == ItemState.FULL) {
                full++;
            } else {
                waiting.add(device);
            }
            results.add(new DeliveryAnswer.Result(device, state.wire()));
        }
        metrics.delivered(done.fresh(), done.states().size() - full - done.fresh(), full);
        Optional<Instant> now = Optional.of(clock.instant());
        waiting.forEach(device -> bus.publish(new BusEvent.Mail(new Device(batch.to(), device), now)));
        return new DeliveryAnswer(results);
    }
}
