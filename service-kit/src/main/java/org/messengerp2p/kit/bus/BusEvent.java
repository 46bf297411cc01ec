package org.messengerp2p.kit.bus;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;

/** What may be told over the {@link DeviceBus}. */
public sealed interface BusEvent {

    /** Whom it concerns. */
    Topic topic();

    /**
     * Envelopes wait for this device.
     *
     * @param told when that was told, to the microsecond and by the clock of who told it; empty where that is not known
     */
    record Mail(Device device, Optional<Instant> told) implements BusEvent {

        public Mail {
            told = told.map(time -> time.truncatedTo(ChronoUnit.MICROS));
        }

        public Mail(Device device) {
            this(device, Optional.empty());
        }

        @Override
        public Topic topic() {
            return Topic.of(device);
        }
    }

    /** This device is not listed any more; what it holds open ends. */
    record Revoked(Device device) implements BusEvent {

        @Override
        public Topic topic() {
            return Topic.of(device);
        }
    }

    /** The account has another delivery token; every watch that was opened by the old one ends (MP2P/1 §20.1). */
    record NewDeliveryToken(AccountId account) implements BusEvent {

        @Override
        public Topic topic() {
            return Topic.of(account);
        }
    }

    /**
     * A binary frame in passing, as its addressee gets it (MP2P/1 §20.1).
     *
     * @param device the addressee
     */
    record Frame(Device device, Buffer bytes) implements BusEvent {

        @Override
        public Topic topic() {
            return Topic.of(device);
        }
    }

    /** A replica says that it holds the connection of this device. */
    record Claimed(Device device) implements BusEvent {

        @Override
        public Topic topic() {
            return Topic.of(device);
        }
    }

    /** A device of the account has come, gone or moved. */
    record PresenceChanged(AccountId account) implements BusEvent {

        @Override
        public Topic topic() {
            return Topic.of(account);
        }
    }
}
