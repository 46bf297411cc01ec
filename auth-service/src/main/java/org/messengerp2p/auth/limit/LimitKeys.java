package org.messengerp2p.auth.limit;

import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.messengerp2p.auth.secret.ServerSecrets;

/** Names of rows that tell nobody's name: 128 bits of a keyed hash. */
@Singleton
class LimitKeys {
    private final ServerSecrets secrets;

    LimitKeys(ServerSecrets secrets) {
        this.secrets = secrets;
    }

    UUID of(Charge charge) {
        ByteBuffer blinded = ByteBuffer.wrap(secrets.blinded(charge.named()));
        return new UUID(blinded.getLong(), blinded.getLong());
    }

    UUID[] of(List<Charge> charges) {
        return charges.stream().map(this::of).toArray(UUID[]::new);
    }
}
