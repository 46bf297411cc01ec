package org.messengerp2p.auth.login;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.Refuses;
import org.messengerp2p.auth.ServerDescription;
import org.messengerp2p.auth.ServerSettings;
import org.messengerp2p.auth.limit.AuthLimit;
import org.messengerp2p.auth.limit.Limits;
import org.messengerp2p.auth.token.AccessTokens;
import org.messengerp2p.auth.token.TokenIssuer;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.problem.CommonProblem;

/** Challenge and refresh: the only way to an access token. */
@Path("/api/auth/v1")
public class DeviceLoginResource {
    private final DeviceLogin login;
    private final TokenIssuer tokens;
    private final Limits limits;
    private final ServerDescription server;

    DeviceLoginResource(DeviceLogin login, TokenIssuer tokens, Limits limits, ServerSettings server) {
        this.login = login;
        this.tokens = tokens;
        this.limits = limits;
        this.server = ServerDescription.of(server);
    }

    @POST
    @Path("/challenge")
    @Operation(
            operationId = "challenge",
            summary = "A nonce for a device to sign; the same for a device that does not exist")
    @Refuses(common = CommonProblem.RATE_LIMITED)
    public Uni<DeviceLogin.Challenge> challenge(ChallengeRequest request, @Context HttpServerRequest call) {
        limits.take(AuthLimit.CHALLENGES_BY_ADDRESS, AddressPrefix.of(call.remoteAddress()));
        return login.challenge(new Device(request.accountId(), request.deviceId()));
    }

    @POST
    @Path("/refresh")
    @Operation(operationId = "refresh", summary = "Access tokens for the signature of a device's key")
    @Refuses(
            value = AuthProblem.CHALLENGE_INVALID,
            common = {CommonProblem.DEVICE_REVOKED, CommonProblem.RATE_LIMITED, CommonProblem.BUSY})
    public Uni<RefreshAnswer> refresh(RefreshRequest request, @Context HttpServerRequest call) {
        limits.take(AuthLimit.REFRESHES_BY_ADDRESS, AddressPrefix.of(call.remoteAddress()));
        return login.tokens(new Device(request.accountId(), request.deviceId()), request.nonce(), request.sig())
                .map(issued -> new RefreshAnswer(issued, tokens.accessLife().toSeconds(), server));
    }

    record ChallengeRequest(AccountId accountId, DeviceId deviceId) {
        ChallengeRequest {
            if (accountId == null || deviceId == null) {
                throw new IllegalArgumentException("account_id and device_id are both needed");
            }
        }
    }

    record RefreshRequest(
            AccountId accountId,
            DeviceId deviceId,
            @Schema(ref = "Nonce") byte[] nonce,
            @Schema(ref = "Signature") byte[] sig) {
        private static final int SIGNATURE_LENGTH = 64;

        RefreshRequest {
            if (accountId == null || deviceId == null) {
                throw new IllegalArgumentException("account_id and device_id are both needed");
            }
            if (nonce == null || nonce.length != DeviceLogin.NONCE_LENGTH) {
                throw new IllegalArgumentException("a nonce has 32 bytes");
            }
            if (sig == null || sig.length != SIGNATURE_LENGTH) {
                throw new IllegalArgumentException("a signature has 64 bytes");
            }
        }
    }

    record RefreshAnswer(
            AccessTokens tokens,
            @Schema(minimum = "1", description = "seconds") long expiresIn,
            ServerDescription server) {
        @Override
        public String toString() {
            return "RefreshAnswer[…]";
        }
    }
}
