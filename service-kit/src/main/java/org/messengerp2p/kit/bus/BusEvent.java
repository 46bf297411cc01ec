package org.messengerp2p.kit.bus;

import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;

/** What may be told over the {@link DeviceBus}. */
public sealed interface BusEvent {

    /** Envelopes wait for this device. */
    record Mail(Device device) implements BusEvent {}

    /** This device is not listed any more; what it holds open ends. */
    record Revoked(Device device) implements BusEvent {}

    /** The account has another delivery token; every watch that was opened by the old one ends (MP2P/1 §20.1). */
    record NewDeliveryToken(AccountId account) implements BusEvent {}
}
