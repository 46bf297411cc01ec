package org.messengerp2p.signaling.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.signaling.SignalingSettings;
import org.messengerp2p.signaling.connection.CloseCode;
import org.messengerp2p.signaling.connection.DeviceConnection;
import org.messengerp2p.signaling.connection.ServerMessage;
import org.messengerp2p.signaling.presence.Presence;

/**
 * Passes binary frames between connected devices. It keeps nothing and waits for nobody: the receiver takes a frame
 * into its budget at once or the sender is told NOT_HERE at once and takes the mailbox. To wait for the receiver's
 * write here would queue the sender's frames without bound.
 */
@ApplicationScoped
public class Relay {

    private final Presence presence;
    private final int maxEnvelope;
    private final Counter relayed;
    private final Counter notHere;

    Relay(Presence presence, SignalingSettings settings, MeterRegistry meters) {
        this.presence = presence;
        this.maxEnvelope = settings.maxEnvelope();
        this.relayed = Counter.builder("mp2p.signaling.relayed")
                .description("RELAY frames handed to a device")
                .register(meters);
        this.notHere = Counter.builder("mp2p.signaling.not.here")
                .description("RELAY frames answered NOT_HERE")
                .register(meters);
    }

    /** Handles a binary frame of {@code sender}; called on its event loop. */
    public void accept(DeviceConnection sender, SenderRates rates, Buffer bytes) {
        Optional<RelayFrame> parsed = RelayFrame.parse(bytes);
        if (parsed.isEmpty()) {
            sender.close(CloseCode.MALFORMED);
            return;
        }
        RelayFrame frame = parsed.get();
        switch (frame.type()) {
            case RELAY -> relay(sender, rates, frame);
            case TAKEN -> taken(sender, rates, frame);
            case NOT_HERE -> sender.close(CloseCode.MALFORMED);
        }
    }

    private void relay(DeviceConnection sender, SenderRates rates, RelayFrame frame) {
        if (frame.payloadLength() > maxEnvelope) {
            sender.send(ServerMessage.Error.ofRelay(CommonProblem.TOO_LARGE, frame.ref()));
        } else if (!rates.relayPasses()) {
            sender.send(ServerMessage.Error.ofRelay(CommonProblem.RATE_LIMITED, frame.ref()));
        } else if (!presence.sees(sender, frame.addressee().account())) {
            refuse(sender, frame);
        } else if (!rates.relayPassesTo(frame.addressee())) {
            sender.send(ServerMessage.Error.ofRelay(CommonProblem.RATE_LIMITED, frame.ref()));
        } else {
            hand(sender, frame);
        }
    }

    private void hand(DeviceConnection sender, RelayFrame frame) {
        Optional<DeviceConnection> receiver = presence.of(frame.addressee());
        if (receiver.isPresent() && receiver.get().hand(sender.device(), frame.from(sender.device()))) {
            relayed.increment();
        } else {
            refuse(sender, frame);
        }
    }

    private void refuse(DeviceConnection sender, RelayFrame frame) {
        notHere.increment();
        sender.send(frame.notHere());
    }

    /**
     * Lost where the sender of the RELAY is gone or does not read: it then takes the next path by its own clock
     * (MP2P/1 §6.2), and a second copy is recognised.
     */
    private void taken(DeviceConnection receiver, SenderRates rates, RelayFrame frame) {
        if (!rates.takenPasses()) {
            receiver.send(ServerMessage.Error.of(CommonProblem.RATE_LIMITED));
        } else if (receiver.heardFrom(frame.addressee())) {
            presence.of(frame.addressee()).ifPresent(sender -> sender.pass(frame.from(receiver.device())));
        }
    }
}
