package org.messengerp2p.kit.identity;

import io.quarkus.security.identity.SecurityIdentity;
import java.util.Optional;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * Who calls, by the verified token. A PENDING token has no device yet.
 *
 * @param tokenId the token's {@code jti}, by which a PENDING token is ended
 */
public record Caller(AccountId account, Optional<DeviceId> device, String tokenId) {

    /** Who issues every token. */
    public static final String ISSUER = "mp2p";

    /** Claim that names the device. */
    public static final String DEVICE_CLAIM = "device";

    public static Caller of(SecurityIdentity identity) {
        return of((JsonWebToken) identity.getPrincipal());
    }

    /** @param token one that is verified */
    public static Caller of(JsonWebToken token) {
        Object device = token.getClaim(DEVICE_CLAIM);
        return new Caller(
                AccountId.parse(token.getSubject()),
                Optional.ofNullable(device).map(value -> DeviceId.fromString(value.toString())),
                token.getTokenID());
    }

    /** The calling device; every token but a PENDING one names it. */
    public Device requireDevice() {
        return new Device(account, device.orElseThrow());
    }
}
