package org.messengerp2p.auth.lookup;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.messengerp2p.auth.Refuses;
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
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,9}");
    private static final long HIGHEST_VERSION = 0xFFFF_FFFFL;

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
    @Operation(
            operationId = "deviceLists",
            summary = "Device lists of an account: the newest, or up to 100 from a version on")
    @Refuses(
            common = {
                CommonProblem.MALFORMED,
                CommonProblem.PENDING_TOKEN,
                CommonProblem.FORBIDDEN,
                CommonProblem.NOT_FOUND
            })
    public Uni<ListsAnswer> lists(
            @RestPath AccountId account,
            @Parameter(
                            schema = @Schema(ref = "Version"),
                            description = "first version wanted; without it the newest alone")
                    @RestQuery
                    String from) {
        Optional<Long> first = Optional.ofNullable(from).map(DeviceListsResource::version);
        refuseForeignUnlessDevice(account);
        return lists.newest(account)
                .map(found -> found.orElseThrow(DeviceListsResource::unknown))
                .chain(newest -> first.isEmpty()
                        ? Uni.createFrom().item(List.of(newest.encoded()))
                        : lists.encodedFrom(account, first.get(), MOST_IN_ONE_ANSWER))
                .map(ListsAnswer::new);
    }

    record ListsAnswer(@Schema(ref = "DeviceLists") List<byte[]> dlcs) {}

    /** The narrow tokens read their own account's lists only. */
    private void refuseForeignUnlessDevice(AccountId account) {
        if (identity.hasRole(Audience.AUTH) || Caller.of(identity).account().equals(account)) {
            return;
        }
        throw identity.hasRole(Audience.AUTH_PENDING)
                ? ProblemException.of(CommonProblem.PENDING_TOKEN, "This token opens the own account only.")
                : ProblemException.of(CommonProblem.FORBIDDEN, "This token opens the own account only.");
    }

    private static long version(String written) {
        if (VERSION.matcher(written).matches()) {
            long version = Long.parseLong(written);
            if (version <= HIGHEST_VERSION) {
                return version;
            }
        }
        throw ProblemException.of(CommonProblem.MALFORMED, "A list version is between 1 and 4294967295.");
    }

    private static ProblemException unknown() {
        return ProblemException.of(CommonProblem.NOT_FOUND, "There is no such account.");
    }
}
