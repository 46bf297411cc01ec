package org.messengerp2p.signaling.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.DeviceBus;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.signaling.SignalingSettings;
import org.messengerp2p.signaling.connection.DeviceConnection;
import org.messengerp2p.signaling.connection.Dropped;
import org.messengerp2p.signaling.connection.Drops;
import org.messengerp2p.signaling.connection.ServerMessage;
import org.messengerp2p.signaling.presence.PassedFrames;
import org.messengerp2p.signaling.presence.Presence;

/**
 * Passes binary frames between connected devices. It keeps nothing and waits for nobody: the receiver takes a frame
 * into its budget at once or the sender is told NOT_HERE at once and takes the mailbox. To wait for the receiver's
 * write here would queue the sender's frames without bound.
 */
@ApplicationScoped
public class Relay implements PassedFrames {

    private final Presence presence;
    private final DeviceBus bus;
    private final int maxEnvelope;
    private final Drops drops;
    private final Counter relayed;
    private final Counter relayedElsewhere;
    private final Counter notHere;
    private final Counter malformedElsewhere;

    Relay(Presence presence, DeviceBus bus, SignalingSettings settings, Drops drops, MeterRegistry meters) {
        this.presence = presence;
        this.bus = bus;
        this.maxEnvelope = settings.maxEnvelope();
        this.drops = drops;
        this.relayed = Counter.builder("mp2p.signaling.relayed")
                .description("RELAY frames handed to a device")
                .register(meters);
        this.notHere = Counter.builder("mp2p.signaling.not.here")
                .description("RELAY frames answered NOT_HERE")
                .register(meters);
        this.relayedElsewhere = Counter.builder("mp2p.signaling.relayed.elsewhere")
                .description("RELAY frames passed to another replica")
                .register(meters);
        this.malformedElsewhere = Counter.builder("mp2p.signaling.malformed.elsewhere")
                .description("Frames from another replica that are none, or too large")
                .register(meters);
    }

    /**
     * Handles a binary frame of {@code sender}; called on its event loop, in no context of Vert.x.
     *
     * @param bytes copied where they are passed on and only there, since most frames of who floods are not; they stay the
     *     caller's
     */
    public void accept(DeviceConnection sender, SenderRates rates, ByteBuf bytes) {
        Optional<RelayFrame> parsed = RelayFrame.parse(bytes);
        if (parsed.isEmpty()) {
            sender.closeAsMalformed();
            return;
        }
        RelayFrame frame = parsed.get();
        switch (frame.type()) {
            case RELAY -> relay(sender, rates, frame);
            case TAKEN -> taken(sender, rates, frame);
            case NOT_HERE -> sender.closeAsMalformed();
        }
    }

    private void relay(DeviceConnection sender, SenderRates rates, RelayFrame frame) {
        if (!rates.relayPasses()) {
            drop(sender, frame, Dropped.RATE_LIMITED, CommonProblem.RATE_LIMITED);
        } else if (frame.payloadLength() > maxEnvelope) {
            drop(sender, frame, Dropped.TOO_LARGE, CommonProblem.TOO_LARGE);
        } else if (!presence.sees(sender, frame.device().account())) {
            refuse(sender, frame);
        } else if (!rates.relayPassesTo(frame.device())) {
            drop(sender, frame, Dropped.RATE_LIMITED, CommonProblem.RATE_LIMITED);
        } else {
            hand(sender, rates, frame);
        }
    }

    private void drop(DeviceConnection sender, RelayFrame frame, Dropped reason, CommonProblem told) {
        drops.count(reason);
        sender.answer(ServerMessage.Error.ofRelay(told, frame.ref()));
    }

    private void hand(DeviceConnection sender, SenderRates rates, RelayFrame frame) {
        Optional<DeviceConnection> receiver = presence.of(frame.device());
        if (receiver.isEmpty()) {
            passElsewhere(sender, rates, frame);
        } else if (receiver.get().hand(sender.device(), frame.length(), () -> frame.from(sender.device()))) {
            relayed.increment();
        } else {
            refuse(sender, frame);
        }
    }

    /** Another replica may hold the device; whether one does is known at once by the number that heard the frame. */
    private void passElsewhere(DeviceConnection sender, SenderRates rates, RelayFrame frame) {
        int length = frame.length();
        if (!rates.elsewhere().take(length)) {
            drops.count(Dropped.ELSEWHERE_FULL);
            refuse(sender, frame);
            return;
        }
        // The bytes that came are gone when the bus has answered.
        Buffer refusal = frame.notHere(frame.device());
        bus.deliver(new BusEvent.Frame(frame.device(), Buffer.buffer(frame.from(sender.device()))))
                .subscribe()
                .with(heard -> sender.execute(() -> {
                    rates.elsewhere().giveBack(length);
                    if (heard) {
                        relayedElsewhere.increment();
                    } else {
                        refuse(sender, refusal);
                    }
                }));
    }

    private void refuse(DeviceConnection sender, RelayFrame frame) {
        refuse(sender, frame.notHere(frame.device()));
    }

    private void refuse(DeviceConnection sender, Buffer refusal) {
        notHere.increment();
        sender.answer(refusal);
    }

    /**
     * Lost where the sender of the RELAY is gone or does not read: it then takes the next path by its own clock
     * (MP2P/1 §6.2), and a second copy is recognised.
     */
    private void taken(DeviceConnection receiver, SenderRates rates, RelayFrame frame) {
        if (!rates.takenPasses()) {
            drops.count(Dropped.RATE_LIMITED);
            receiver.answer(ServerMessage.Error.of(CommonProblem.RATE_LIMITED));
        } else if (receiver.heardFrom(frame.device())) {
            passTaken(receiver, rates, frame);
        } else {
            drops.count(Dropped.TAKEN);
        }
    }

    private void passTaken(DeviceConnection receiver, SenderRates rates, RelayFrame frame) {
        Buffer bytes = Buffer.buffer(frame.from(receiver.device()));
        Optional<DeviceConnection> sender = presence.of(frame.device());
        if (sender.isEmpty()) {
            passTakenElsewhere(receiver, rates, frame, bytes);
        } else if (!sender.get().pass(bytes)) {
            drops.count(Dropped.TAKEN);
        }
    }

    private void passTakenElsewhere(DeviceConnection receiver, SenderRates rates, RelayFrame frame, Buffer bytes) {
        int length = bytes.length();
        if (!rates.elsewhere().take(length)) {
            drops.count(Dropped.ELSEWHERE_FULL);
            return;
        }
        bus.deliver(new BusEvent.Frame(frame.device(), bytes))
                .subscribe()
                .with(heard -> receiver.execute(() -> {
                    rates.elsewhere().giveBack(length);
                    if (!heard) {
                        drops.count(Dropped.TAKEN);
                    }
                }));
    }

    /** The sender was filled in, and its right to send checked, by the replica that the sender is connected to. */
    @Override
    public void arrived(Device device, Optional<DeviceConnection> connection, Buffer bytes) {
        Optional<RelayFrame> parsed = RelayFrame.parsePassed(bytes);
        if (parsed.isEmpty() || parsed.get().payloadLength() > maxEnvelope) {
            malformedElsewhere.increment();
            return;
        }
        RelayFrame frame = parsed.get();
        switch (frame.type()) {
            case RELAY -> handFromElsewhere(device, connection, frame, bytes);
            case TAKEN -> takenFromElsewhere(connection, bytes);
            case NOT_HERE ->
                connection.ifPresent(sender -> {
                    notHere.increment();
                    sender.answer(bytes);
                });
        }
    }

    private void takenFromElsewhere(Optional<DeviceConnection> sender, Buffer bytes) {
        if (sender.isEmpty() || !sender.get().pass(bytes)) {
            drops.count(Dropped.TAKEN);
        }
    }

    private void handFromElsewhere(
            Device device, Optional<DeviceConnection> connection, RelayFrame frame, Buffer bytes) {
        if (connection.isPresent() && connection.get().hand(frame.device(), bytes)) {
            relayed.increment();
        } else {
            bus.publish(new BusEvent.Frame(frame.device(), frame.notHere(device)));
        }
    }
}
