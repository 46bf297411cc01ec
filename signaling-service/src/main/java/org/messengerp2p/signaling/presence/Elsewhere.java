package org.messengerp2p.signaling.presence;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.signaling.connection.DeviceConnection;

/** Which devices are connected to the other replicas of this service, as far as it is known here. */
interface Elsewhere {

    /** What this replica does about it. */
    interface Here {

        /** Other devices of an account are connected elsewhere than before. */
        void changed(AccountId account, Set<DeviceId> before, Set<DeviceId> after);

        /** The device has opened a newer connection elsewhere. */
        void replaced(DeviceConnection connection);
    }

    void start(Here here);

    /** Devices of an account that this replica follows; never waits. */
    Set<DeviceId> connected(AccountId account);

    /** A connection is here. */
    void joined(DeviceConnection connection);

    /** Tells the others of a connection that has joined, and learns whether the device has a newer one there. */
    void claim(DeviceConnection connection);

    /** A connection is not here any more. */
    void left(DeviceConnection connection);

    /** From now on this replica knows who of an account is connected elsewhere. */
    void follow(AccountId account);

    /** Asks anew. */
    void read(AccountId account);

    void unfollow(AccountId account);

    /** Completes when the others have been told of all that came and went here, as far as they can be told. */
    CompletionStage<Void> told();
}
