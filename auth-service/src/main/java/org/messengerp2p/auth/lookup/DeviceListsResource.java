package org.messengerp2p.auth.lookup;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.messengerp2p.auth.device.DeviceLists;
import org.messengerp2p.auth.token.LiveCaller;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/** Device lists without keys: every version, so that a chain can be checked. */
@Path("/api/auth/v1/accounts")
@LiveCaller
public class DeviceListsResource {
    private static final int MOST_IN_ONE_ANSWER = 100;

    private final DeviceLists lists;
    private final SecurityIdentity identity;

    DeviceListsResource(DeviceLists lists, SecurityIdentity identity) {
        this.lists = lists;
        this.identity = identity;
    }

    /** @param from first version wanted; without it the newest alone */
    @GET
    @Path("/{account}/dlc")
    @RolesAllowed({Audience.AUTH, Audience.AUTH_PENDING, Audience.AUTH_REVOKED})
    public Uni<ListsAnswer> lists(@RestPath AccountId account, @RestQuery Long from) {
        refuseForeignUnlessDevice(account);
        return lists.newest(account)
                .map(found -> found.orElseThrow(DeviceListsResource::unknown))
                .chain(newest -> from == null
                        ? Uni.createFrom().item(List.of(newest.encoded()))
                        : lists.encodedFrom(account, from, MOST_IN_ONE_ANSWER))
                .map(ListsAnswer::new);
    }

    record ListsAnswer(List<byte[]> dlcs) {}

    /** The narrow tokens read their own account's lists only. */
    private void refuseForeignUnlessDevice(AccountId account) {
        if (identity.hasRole(Audience.AUTH) || Caller.of(identity).account().equals(account)) {
            return;
        }
        throw identity.hasRole(Audience.AUTH_PENDING)
                ? ProblemException.of(CommonProblem.PENDING_TOKEN, "This token opens the own account only.")
                : ProblemException.of(CommonProblem.FORBIDDEN, "This token opens the own account only.");
    }

    private static ProblemException unknown() {
        return ProblemException.of(CommonProblem.NOT_FOUND, "There is no such account.");
    }
}
