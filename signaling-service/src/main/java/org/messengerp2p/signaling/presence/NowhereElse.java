package org.messengerp2p.signaling.presence;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.signaling.connection.DeviceConnection;

/** There are no other replicas. */
class NowhereElse implements Elsewhere {

    @Override
    public void start(Here here) {}

    @Override
    public Set<DeviceId> connected(AccountId account) {
        return Set.of();
    }

    @Override
    public void joined(DeviceConnection connection) {}

    @Override
    public void claim(DeviceConnection connection) {}

    @Override
    public void left(DeviceConnection connection) {}

    @Override
    public void follow(AccountId account) {}

    @Override
    public void read(AccountId account) {}

    @Override
    public void unfollow(AccountId account) {}

    @Override
    public CompletionStage<Void> told() {
        return CompletableFuture.completedFuture(null);
    }
}
