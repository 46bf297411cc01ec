package org.messengerp2p.auth.login;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestQuery;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.Refuses;
import org.messengerp2p.auth.ServerDescription;
import org.messengerp2p.auth.ServerSettings;
import org.messengerp2p.auth.account.Username;
import org.messengerp2p.auth.limit.AuthLimit;
import org.messengerp2p.auth.limit.Limits;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/** Signing in by password, which opens the way to a new device and nothing else (MP2P/1 §9.2). */
@Path("/api/auth/v1/login")
public class LoginResource {
    private final Credentials credentials;
    private final SignIns signIns;
    private final Limits limits;
    private final ServerDescription server;

    LoginResource(Credentials credentials, SignIns signIns, Limits limits, ServerSettings server) {
        this.credentials = credentials;
        this.signIns = signIns;
        this.limits = limits;
        this.server = ServerDescription.of(server);
    }

    @GET
    @Path("/parameters")
    @Operation(
            operationId = "loginParameters",
            summary = "How the client derives the secret of a user name; of the same form for a name that nobody has")
    @Refuses(common = {CommonProblem.MALFORMED, CommonProblem.RATE_LIMITED})
    public Uni<ParametersAnswer> parameters(
            @Parameter(required = true, schema = @Schema(ref = "Username")) @RestQuery String username,
            @Context HttpServerRequest call) {
        limits.take(AuthLimit.PARAMETERS_BY_ADDRESS, AddressPrefix.of(call.remoteAddress()));
        return credentials.parameters(named(username)).map(this::answer);
    }

    @POST
    @Operation(operationId = "login", summary = "Signs in by password; the pending token adds a device")
    @Refuses(
            value = AuthProblem.CREDENTIALS_WRONG,
            common = {CommonProblem.RATE_LIMITED, CommonProblem.BUSY})
    public Uni<LoginAnswer> login(LoginRequest request, @Context HttpServerRequest call) {
        return signIns.begin(
                        request.username(),
                        Proof.byPassword(request.authSecret()),
                        AddressPrefix.of(call.remoteAddress()))
                .map(begun -> LoginAnswer.of(begun, server));
    }

    record LoginRequest(Username username, ClientSecret authSecret) {
        LoginRequest {
            if (username == null || authSecret == null) {
                throw new IllegalArgumentException("username and auth_secret are both needed");
            }
        }
    }

    record ParametersAnswer(
            @Schema(minimum = "1", maximum = "1") int authVersion,
            @Schema(ref = "KdfMemory") int mKib,
            @Schema(ref = "KdfPasses") int t,
            @Schema(ref = "KdfLanes") int p,
            @Schema(ref = "Salt") byte[] serverSalt,
            ServerDescription server) {}

    private ParametersAnswer answer(Credentials.Parameters parameters) {
        ClientKdf kdf = parameters.kdf();
        return new ParametersAnswer(1, kdf.mKib(), kdf.t(), kdf.p(), parameters.serverSalt(), server);
    }

    private static Username named(String written) {
        try {
            return Username.parse(written);
        } catch (IllegalArgumentException malformed) {
            throw ProblemException.of(CommonProblem.MALFORMED, "A user name is 3 to 32 of a-z 0-9 . _ -");
        }
    }
}
