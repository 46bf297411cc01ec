package org.messengerp2p.auth.token;

import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.messengerp2p.auth.secret.ServerSecrets;
import org.messengerp2p.auth.work.BoundedWork;
import org.messengerp2p.kit.identity.VerificationKeys;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * The keys that sign and verify tokens, in memory: verification never waits for the database. Every replica reads
 * them again at intervals, so that one published by any of them is known to all before it signs (docs/adr/0001).
 * Made at the start, so that a setting which cannot be prevents it.
 */
@Startup
@ApplicationScoped
public class KeyRing implements VerificationKeys {
    private static final Logger LOG = Logger.getLogger(KeyRing.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final SigningKeys stored;
    private final KeySchedule schedule;
    private final ServerSecrets secrets;
    private final BoundedWork work;
    private final Clock clock;
    private volatile List<Key> keys = List.of();

    KeyRing(SigningKeys stored, TokenKeySettings settings, ServerSecrets secrets, BoundedWork work, Clock clock) {
        this.stored = stored;
        this.schedule = KeySchedule.of(settings, clock.instant());
        this.secrets = secrets;
        this.work = work;
        this.clock = clock;
    }

    /** One key of the ring, opened. */
    record Key(String id, RSAPublicKey publicKey, PrivateKey privateKey, Instant signsFrom) {}

    @Override
    public Optional<PublicKey> byKeyId(String keyId) {
        return keys.stream().filter(key -> key.id().equals(keyId)).findFirst().map(Key::publicKey);
    }

    @Override
    public boolean loaded() {
        return !keys.isEmpty();
    }

    /** All that may be met in a token from now on. */
    List<Key> published() {
        return keys;
    }

    /** @throws ProblemException unavailable while the keys have never been read */
    Key signing() {
        List<Key> ring = keys;
        if (ring.isEmpty()) {
            throw ProblemException.retryAfter(
                    CommonProblem.UNAVAILABLE, "The service is starting; try again shortly.", RETRY_AFTER);
        }
        List<Instant> times = ring.stream().map(Key::signsFrom).toList();
        return ring.get(schedule.signing(times, clock.instant()));
    }

    @Scheduled(
            every = "${mp2p.auth.token-keys.check-every:15s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> check() {
        return stored.inOrder()
                .chain(this::changeWhatIsDue)
                .chain(stored::inOrder)
                .invoke(this::load)
                .replaceWithVoid()
                .onFailure()
                .invoke(failure -> LOG.errorf(
                        "The token keys cannot be read; those that are known stay (%s)", failure.getMessage()))
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Void> changeWhatIsDue(List<SigningKey> seen) {
        Instant now = clock.instant();
        if (schedule.due(times(seen), now).isPresent()) {
            return work.run(RsaKeys::newPair)
                    .chain(pair -> stored.changed(held -> dropOver(held).chain(() -> publish(held, pair))));
        }
        return schedule.over(times(seen), now).isEmpty() ? Uni.createFrom().voidItem() : stored.changed(this::dropOver);
    }

    private Uni<Void> dropOver(List<SigningKey> held) {
        return stored.drop(schedule.over(times(held), clock.instant()).stream()
                .map(i -> held.get(i).keyId())
                .toList());
    }

    /** Another replica may have published one since; then the pair that was made here is not needed. */
    private Uni<Void> publish(List<SigningKey> held, KeyPair pair) {
        Instant now = clock.instant();
        return schedule.due(times(held), now)
                .map(signsFrom -> stored.persist(sealed(pair, new KeyTimes(now, signsFrom)))
                        .replaceWithVoid())
                .orElse(Uni.createFrom().voidItem());
    }

    private SigningKey sealed(KeyPair pair, KeyTimes times) {
        String keyId = UUID.randomUUID().toString();
        return new SigningKey(
                keyId,
                pair.getPublic().getEncoded(),
                secrets.tokenKeys().seal(pair.getPrivate().getEncoded(), keyId),
                times);
    }

    private void load(List<SigningKey> inOrder) {
        List<Key> known = keys;
        List<String> ids = inOrder.stream().map(SigningKey::keyId).toList();
        if (!known.stream().map(Key::id).toList().equals(ids)) {
            keys = inOrder.stream().map(this::opened).toList();
        }
    }

    private Key opened(SigningKey key) {
        return new Key(
                key.keyId(),
                RsaKeys.publicKey(key.publicKey()),
                RsaKeys.privateKey(secrets.tokenKeys().open(key.sealedPrivate(), key.keyId())),
                key.times().signsFrom());
    }

    private static List<KeyTimes> times(List<SigningKey> inOrder) {
        return inOrder.stream().map(SigningKey::times).toList();
    }
}
