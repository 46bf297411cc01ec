package org.messengerp2p.mailbox.crash;

import java.util.List;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;

/** A device of the run, by its number in the history. */
record Client(int number, Device device, String accessToken) {

    /** Those that get each message together. */
    record Account(AccountId id, byte[] deliveryToken, List<Client> clients) {}
}
