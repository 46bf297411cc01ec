package org.messengerp2p.auth.transparency;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.OptionalLong;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.messengerp2p.auth.Refuses;
import org.messengerp2p.auth.token.LiveCaller;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/** GET /kt/sth, /kt/leaves: the whole log and nothing by name, so that no request tells who is of interest to whom. */
@Path("/api/keys/v1/kt")
@LiveCaller
@RolesAllowed({Audience.AUTH, Audience.AUTH_REVOKED})
public class KeyLogResource {
    private static final int PAGE = 1000;
    private static final String FOR_EVER = "private, max-age=31536000, immutable";

    private final TreeHeads heads;
    private final StoredLeaves leaves;

    KeyLogResource(TreeHeads heads, StoredLeaves leaves) {
        this.heads = heads;
        this.leaves = leaves;
    }

    @GET
    @Path("/sth")
    @Operation(operationId = "treeHead", summary = "A signed head over the whole key log, at most 10 minutes old")
    public Uni<TreeHeadAnswer> sth() {
        return heads.current().map(head -> new TreeHeadAnswer(head.encoded()));
    }

    /** @param from place of the first leaf wanted. @param limit at most so many, 1000 where it is left out */
    @GET
    @Path("/leaves")
    @Operation(operationId = "leaves", summary = "A page of the key log")
    @Refuses(common = CommonProblem.MALFORMED)
    public Uni<RestResponse<LeavesAnswer>> leaves(
            @Parameter(required = true, description = "place of the first leaf wanted", schema = @Schema(ref = "Place"))
                    @RestQuery
                    String from,
            @Parameter(description = "at most so many", schema = @Schema(ref = "PageSize")) @RestQuery String limit) {
        long first = number("from", from, 0, Long.MAX_VALUE);
        int most = limit == null ? PAGE : (int) number("limit", limit, 1, PAGE);
        return leaves.from(first, most).map(found -> answer(new LeavesAnswer(first, found)));
    }

    record TreeHeadAnswer(@Schema(ref = "TreeHead") byte[] sth) {}

    record LeavesAnswer(
            @Schema(ref = "Place") long from,
            @Schema(ref = "Leaves") List<byte[]> leaves) {
        /** A page that will never be another one. */
        boolean fillsPage() {
            return from % PAGE == 0 && leaves.size() == PAGE;
        }
    }

    private static RestResponse<LeavesAnswer> answer(LeavesAnswer page) {
        ResponseBuilder<LeavesAnswer> answer = ResponseBuilder.ok(page);
        return page.fillsPage()
                ? answer.header(HttpHeaders.CACHE_CONTROL, FOR_EVER).build()
                : answer.build();
    }

    private static long number(String name, String text, long least, long most) {
        long value = parsed(text).orElse(-1);
        if (value < least || value > most) {
            throw ProblemException.of(
                    CommonProblem.MALFORMED, name + " is a whole number, from " + least + " to " + most + ".");
        }
        return value;
    }

    private static OptionalLong parsed(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException noNumber) {
            return OptionalLong.empty();
        }
    }
}
