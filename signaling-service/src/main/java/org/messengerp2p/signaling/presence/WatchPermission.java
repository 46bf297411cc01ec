package org.messengerp2p.signaling.presence;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Set;

/** mailbox-service, which alone knows delivery tokens (architecture: "Between services"). */
public interface WatchPermission {

    /** Most tokens that one question may be about. */
    int MOST = 500;

    /**
     * Asks which delivery tokens are right.
     *
     * @param shown at most {@link #MOST}, each once
     * @return those that are; fails if mailbox-service cannot be asked
     */
    Uni<Set<ShownToken>> right(List<ShownToken> shown);
}
