package org.messengerp2p.auth.login;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.messengerp2p.auth.secret.ServerSecrets;
import org.messengerp2p.kit.identity.Device;

/**
 * Nonces that devices sign, in the database so that any replica may accept what another one gave (MP2P/1 §9.2). For a
 * device that never was the same is done: how long an answer takes tells nothing of who exists.
 */
@ApplicationScoped
class Nonces implements PanacheRepositoryBase<LoginNonce, byte[]> {
    private static final String KEEP = """
            insert into login_nonce (nonce, device_key, expiry_ms) values (:nonce, :device, :expiry)
            """;

    private static final String DROP_OLDEST = """
            delete from login_nonce
             where nonce in (
                select nonce
                  from login_nonce
                 where device_key = :device
                 order by expiry_ms desc, nonce
                offset :most)
            """;

    private static final String ACCEPT = """
            delete from login_nonce
             where nonce = :nonce and device_key = :device and expiry_ms > :now
            returning expiry_ms
            """;

    private static final int MOST_PER_DEVICE = 4;

    private final ServerSecrets secrets;
    private final Clock clock;

    Nonces(ServerSecrets secrets, Clock clock) {
        this.secrets = secrets;
        this.clock = clock;
    }

    @WithTransaction
    Uni<Void> keep(byte[] nonce, Device device, long expiryMs) {
        return getSession()
                .chain(session -> session.createNativeQuery(KEEP)
                        .setParameter("nonce", nonce)
                        .setParameter("expiry", expiryMs)
                        .setParameter("device", key(device))
                        .executeUpdate()
                        .chain(() -> session.createNativeQuery(DROP_OLDEST)
                                .setParameter("device", key(device))
                                .setParameter("most", MOST_PER_DEVICE)
                                .executeUpdate()))
                .replaceWithVoid();
    }

    /** @return the nonce's expiry; empty if it was never given to this device, is used or has expired */
    @WithTransaction
    Uni<Optional<Long>> accept(byte[] nonce, Device device) {
        return getSession()
                .chain(session -> session.createNativeQuery(ACCEPT, Long.class)
                        .setParameter("nonce", nonce)
                        .setParameter("device", key(device))
                        .setParameter("now", clock.millis())
                        .getSingleResultOrNull())
                .map(Optional::ofNullable);
    }

    @Scheduled(every = "1m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @WithTransaction
    Uni<Void> forgetExpired() {
        return delete("expiryMs <= ?1", clock.millis()).replaceWithVoid();
    }

    private UUID key(Device device) {
        return secrets.blindedKey(ByteBuffer.allocate(16 + Integer.BYTES)
                .put(device.account().bytes())
                .putInt((int) device.device().value())
                .array());
    }
}
