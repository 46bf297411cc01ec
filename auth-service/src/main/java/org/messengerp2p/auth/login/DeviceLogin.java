package org.messengerp2p.auth.login;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.device.KnownDevice;
import org.messengerp2p.auth.device.KnownDevices;
import org.messengerp2p.auth.token.AccessTokens;
import org.messengerp2p.auth.token.TokenIssuer;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/** Tokens for who holds a device's key (MP2P/1 §9.2, §20 point 6). */
@ApplicationScoped
class DeviceLogin {
    static final int NONCE_LENGTH = 32;
    private static final Duration NONCE_LIFE = Duration.ofSeconds(60);

    private final Nonces nonces;
    private final KnownDevices devices;
    private final DeviceProof proof;
    private final TokenIssuer issuer;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** A key whose other half nobody has: with it a device that does not exist costs what a wrong signature costs. */
    private final byte[] nobodys =
            new Ed25519PrivateKeyParameters(random).generatePublicKey().getEncoded();

    DeviceLogin(Nonces nonces, KnownDevices devices, DeviceProof proof, TokenIssuer issuer, Clock clock) {
        this.nonces = nonces;
        this.devices = devices;
        this.proof = proof;
        this.issuer = issuer;
        this.clock = clock;
    }

    record Challenge(
            @Schema(ref = "Nonce") byte[] nonce,
            @Schema(ref = "Milliseconds") long expiryMs) {}

    /** The same for a device that does not exist; only the signature fails then. */
    Uni<Challenge> challenge(Device device) {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        long expiryMs = clock.instant().plus(NONCE_LIFE).toEpochMilli();
        return nonces.keep(nonce, device, expiryMs).replaceWith(new Challenge(nonce, expiryMs));
    }

    /**
     * @throws ProblemException device-revoked, with a token to read why, for a proof that is right and a device that is
     *     listed no more; challenge-invalid for everything else
     */
    Uni<AccessTokens> tokens(Device device, byte[] nonce, byte[] signature) {
        return nonces.accept(nonce, device)
                .map(expiry -> expiry.orElseThrow(DeviceLogin::invalid))
                .chain(expiry -> devices.of(device).map(found -> proven(found, device, nonce, expiry, signature)))
                .chain(known -> known.listed() ? issuer.access(device) : revoked(device));
    }

    private KnownDevice proven(
            Optional<KnownDevice> found, Device device, byte[] nonce, long expiryMs, byte[] signature) {
        byte[] dsk = found.map(KnownDevice::dsk).orElse(nobodys);
        boolean right = proof.verifies(dsk, device, nonce, expiryMs, signature);
        return found.filter(known -> right).orElseThrow(DeviceLogin::invalid);
    }

    private Uni<AccessTokens> revoked(Device device) {
        return issuer.revoked(device)
                .chain(token -> Uni.createFrom()
                        .failure(ProblemException.with(
                                CommonProblem.DEVICE_REVOKED,
                                "The device is not listed any more.",
                                Map.of("token", token))));
    }

    private static ProblemException invalid() {
        return ProblemException.of(
                AuthProblem.CHALLENGE_INVALID, "The challenge is used or expired, or the signature is not right.");
    }
}
