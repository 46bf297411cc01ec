package org.messengerp2p.auth.login;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
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
    public Uni<DeviceLogin.Challenge> challenge(ChallengeRequest request, HttpServerRequest call) {
        limits.take(AuthLimit.CHALLENGES_BY_ADDRESS, AddressPrefix.of(call.remoteAddress()));
        return login.challenge(new Device(request.accountId(), request.deviceId()));
    }

    @POST
    @Path("/refresh")
    public Uni<RefreshAnswer> refresh(RefreshRequest request, HttpServerRequest call) {
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

    record RefreshRequest(AccountId accountId, DeviceId deviceId, byte[] nonce, byte[] sig) {
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

    record RefreshAnswer(AccessTokens tokens, long expiresIn, ServerDescription server) {
        @Override
        public String toString() {
            return "RefreshAnswer[…]";
        }
    }
}
