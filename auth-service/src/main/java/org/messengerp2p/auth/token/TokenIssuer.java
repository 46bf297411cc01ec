package org.messengerp2p.auth.token;

import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.messengerp2p.auth.work.BoundedWork;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.identity.Device;

/** Issues tokens: PS256, RSA-3072, one audience each. A signature takes about 3 ms, so it is made on a worker. */
@ApplicationScoped
public class TokenIssuer {
    /** Life of a PENDING token (MP2P/1 §2); no token lives longer. */
    static final Duration PENDING_LIFE = Duration.ofHours(1);

    private final KeyRing ring;
    private final BoundedWork work;
    private final Clock clock;
    private final Duration accessLife;

    TokenIssuer(KeyRing ring, BoundedWork work, Clock clock, AccessTokenSettings settings) {
        this.ring = ring;
        this.work = work;
        this.clock = clock;
        this.accessLife = settings.life();
        if (accessLife.compareTo(PENDING_LIFE) > 0) {
            throw new IllegalArgumentException("mp2p.auth.access-token.life is longer than an hour");
        }
    }

    /** Life of an access token. */
    public Duration accessLife() {
        return accessLife;
    }

    /** The three tokens of a device that has proved itself. */
    public Uni<AccessTokens> access(Device device) {
        return work.run(() -> new AccessTokens(
                signed(device, Audience.AUTH), signed(device, Audience.MAILBOX), signed(device, Audience.SIGNALING)));
    }

    /** What a removed device may still use to read why. */
    public Uni<String> revoked(Device device) {
        return work.run(() -> signed(device, Audience.AUTH_REVOKED));
    }

    /** For an account whose password or recovery code was right; {@link PendingTokens} makes it count. */
    public Uni<IssuedPending> pending(AccountId account, BoundedWork.Place place) {
        UUID tokenId = UUID.randomUUID();
        Instant now = clock.instant();
        return place.run(() -> signed(
                        Jwt.claims().subject(account.base64url()).audience(Audience.AUTH_PENDING),
                        tokenId,
                        now,
                        PENDING_LIFE))
                .map(token -> new IssuedPending(tokenId, now.plus(PENDING_LIFE), token));
    }

    private String signed(Device device, String audience) {
        JwtClaimsBuilder claims = Jwt.claims()
                .subject(device.account().base64url())
                .claim(Caller.DEVICE_CLAIM, device.device().value())
                .audience(audience);
        return signed(claims, UUID.randomUUID(), clock.instant(), accessLife);
    }

    private String signed(JwtClaimsBuilder claims, UUID tokenId, Instant now, Duration life) {
        KeyRing.Key key = ring.signing();
        return claims.issuer(Caller.ISSUER)
                .claim("jti", tokenId.toString())
                .issuedAt(now)
                .expiresAt(now.plus(life))
                .jws()
                .algorithm(SignatureAlgorithm.PS256)
                .keyId(key.id())
                .sign(key.privateKey());
    }
}
