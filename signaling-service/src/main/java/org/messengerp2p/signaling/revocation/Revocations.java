package org.messengerp2p.signaling.revocation;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import org.messengerp2p.kit.identity.Device;

/** auth-service, which alone removes devices (architecture: "Between services"). */
public interface Revocations {

    /**
     * Asks which devices were removed. Each is told at least once.
     *
     * @param cursor of the last answer; empty for every device of which a token may still be good
     * @return fails if auth-service cannot be asked
     */
    Uni<Answer> since(Optional<String> cursor);

    /**
     * Devices that were removed.
     *
     * @param next cursor of the next question
     * @param more whether to ask at once
     */
    record Answer(List<Device> devices, String next, boolean more) {

        public Answer {
            if (devices == null || next == null) {
                throw new IllegalArgumentException("an answer has devices and a cursor");
            }
        }
    }
}
