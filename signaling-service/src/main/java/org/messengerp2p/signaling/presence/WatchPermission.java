package org.messengerp2p.signaling.presence;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Set;
import org.messengerp2p.kit.identity.AccountId;

/** Decides which accounts a connection may watch by the delivery tokens that it shows. */
public interface WatchPermission {

    /**
     * @return the accounts whose token is good; a bad one is left out and is no failure. Fails where nobody can tell;
     *     the connection then keeps what it watches.
     */
    Uni<Set<AccountId>> permitted(List<ShownToken> shown);
}
