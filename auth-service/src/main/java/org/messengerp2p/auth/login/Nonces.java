package org.messengerp2p.auth.login;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;
import org.messengerp2p.kit.identity.Device;

/** Nonces that devices sign, in the database so that any replica may accept what another one gave (MP2P/1 §9.2). */
@ApplicationScoped
class Nonces implements PanacheRepositoryBase<LoginNonce, byte[]> {
    // The device, removed or not; for one that never was nothing is kept, by the same two statements. Held, since the
    // account may be about to end.
    private static final String KEEP = """
            insert into login_nonce (nonce, account_id, device_id, expiry_ms)
            select :nonce, account_id, device_id, :expiry
              from device
             where account_id = :account and device_id = :device
               for key share
            """;

    private static final String DROP_OLDEST = """
            delete from login_nonce
             where nonce in (
                select nonce
                  from login_nonce
                 where account_id = :account and device_id = :device
                 order by expiry_ms desc, nonce
                offset :most)
            """;

    private static final String ACCEPT = """
            delete from login_nonce
             where nonce = :nonce and account_id = :account and device_id = :device and expiry_ms > :now
            returning expiry_ms
            """;

    private static final int MOST_PER_DEVICE = 4;

    private final Clock clock;

    Nonces(Clock clock) {
        this.clock = clock;
    }

    @WithTransaction
    Uni<Void> keep(byte[] nonce, Device device, long expiryMs) {
        return getSession()
                .chain(session -> session.createNativeQuery(KEEP)
                        .setParameter("nonce", nonce)
                        .setParameter("expiry", expiryMs)
                        .setParameter("account", device.account().value())
                        .setParameter("device", device.device().value())
                        .executeUpdate()
                        .chain(() -> session.createNativeQuery(DROP_OLDEST)
                                .setParameter("account", device.account().value())
                                .setParameter("device", device.device().value())
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
                        .setParameter("account", device.account().value())
                        .setParameter("device", device.device().value())
                        .setParameter("now", clock.millis())
                        .getSingleResultOrNull())
                .map(Optional::ofNullable);
    }

    @Scheduled(every = "10m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @WithTransaction
    Uni<Void> forgetExpired() {
        return delete("expiryMs <= ?1", clock.millis()).replaceWithVoid();
    }
}
