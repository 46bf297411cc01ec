package org.messengerp2p.auth.limit;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import org.messengerp2p.auth.secret.ServerSecrets;

/** Names of rows that tell nobody's name. */
@Singleton
class LimitKeys {
    private final ServerSecrets secrets;

    LimitKeys(ServerSecrets secrets) {
        this.secrets = secrets;
    }

    UUID of(Charge charge) {
        return secrets.blindedKey(charge.named());
    }

    UUID[] of(List<Charge> charges) {
        return charges.stream().map(this::of).toArray(UUID[]::new);
    }
}
