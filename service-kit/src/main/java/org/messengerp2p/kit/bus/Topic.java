package org.messengerp2p.kit.bus;

import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;

/** What one can listen to on the {@link DeviceBus}: a device or an account, and never all of them. */
public sealed interface Topic {

    /** Whom it is about, or whose device. */
    AccountId account();

    static Topic of(Device device) {
        return new OfDevice(device);
    }

    static Topic of(AccountId account) {
        return new OfAccount(account);
    }

    /** What is told to one device. */
    record OfDevice(Device device) implements Topic {

        @Override
        public AccountId account() {
            return device.account();
        }
    }

    /** What is told about one account. */
    record OfAccount(AccountId account) implements Topic {}
}
