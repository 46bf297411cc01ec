package org.messengerp2p.auth.login;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.Refuses;
import org.messengerp2p.auth.ServerDescription;
import org.messengerp2p.auth.ServerSettings;
import org.messengerp2p.auth.account.Username;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.problem.CommonProblem;

/** Signing in by recovery code, to set a new password and then to add a device (MP2P/1 §9.3). */
@Path("/api/auth/v1/recover")
public class RecoveryResource {
    private final SignIns signIns;
    private final ServerDescription server;

    RecoveryResource(SignIns signIns, ServerSettings server) {
        this.signIns = signIns;
        this.server = ServerDescription.of(server);
    }

    @POST
    @Operation(
            operationId = "recover",
            summary = "Signs in by recovery code; the pending token sets a new password first")
    @Refuses(
            value = AuthProblem.CREDENTIALS_WRONG,
            common = {CommonProblem.RATE_LIMITED, CommonProblem.BUSY})
    public Uni<LoginAnswer> recover(RecoveryRequest request, @Context HttpServerRequest call) {
        return signIns.begin(
                        request.username(),
                        Proof.byRecoveryCode(request.recAuth()),
                        AddressPrefix.of(call.remoteAddress()))
                .map(begun -> LoginAnswer.of(begun, server));
    }

    record RecoveryRequest(Username username, ClientSecret recAuth) {
        RecoveryRequest {
            if (username == null || recAuth == null) {
                throw new IllegalArgumentException("username and rec_auth are both needed");
            }
        }
    }
}
