package org.messengerp2p.auth.lookup;

import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestPath;
import org.messengerp2p.auth.Refuses;
import org.messengerp2p.auth.account.Accounts;
import org.messengerp2p.auth.account.Username;
import org.messengerp2p.auth.limit.AuthLimit;
import org.messengerp2p.auth.limit.Charge;
import org.messengerp2p.auth.limit.LastingLimits;
import org.messengerp2p.auth.token.LiveCaller;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/** Who has a name: the server's statement, for users who want to write to them (MP2P/1 §2). */
@Path("/api/auth/v1/usernames")
@LiveCaller
public class NamesResource {
    private final Accounts accounts;
    private final LastingLimits limits;
    private final SecurityIdentity identity;

    NamesResource(Accounts accounts, LastingLimits limits, SecurityIdentity identity) {
        this.accounts = accounts;
        this.limits = limits;
        this.identity = identity;
    }

    @GET
    @Path("/{name}")
    @RolesAllowed(Audience.AUTH)
    @WithSession
    @Operation(operationId = "accountOfUsername", summary = "The account of a user name")
    @Refuses(common = {CommonProblem.NOT_FOUND, CommonProblem.RATE_LIMITED})
    public Uni<NameAnswer> account(@Parameter(schema = @Schema(ref = "Username")) @RestPath String name) {
        AccountId asking = Caller.of(identity).account();
        return limits.take(Charge.of(AuthLimit.NAMES_BY_HOUR, asking), Charge.of(AuthLimit.NAMES_BY_DAY, asking))
                .chain(() -> accounts.named(named(name)))
                .map(found ->
                        new NameAnswer(found.orElseThrow(NamesResource::unknown).id()));
    }

    record NameAnswer(AccountId accountId) {}

    /** What cannot be a name is nobody's. */
    private static Username named(String written) {
        try {
            return Username.parse(written);
        } catch (IllegalArgumentException malformed) {
            throw unknown();
        }
    }

    private static ProblemException unknown() {
        return ProblemException.of(CommonProblem.NOT_FOUND, "Nobody has this name.");
    }
}
