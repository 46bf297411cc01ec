package org.messengerp2p.mailbox.archive;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.mailbox.MailboxProblem;
import org.messengerp2p.mailbox.Refuses;

/** The archive of the account that the token names, whichever of its devices a path names. */
@Path("/api/mailbox/v1/archive")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Audience.MAILBOX)
public class ArchiveResource {

    private final Archive archive;
    private final SecurityIdentity identity;

    ArchiveResource(Archive archive, SecurityIdentity identity) {
        this.archive = archive;
        this.identity = identity;
    }

    @GET
    @Path("/manifests")
    @Operation(operationId = "archiveManifests", summary = "Manifests of all devices of the account")
    @Refuses(common = {CommonProblem.MALFORMED, CommonProblem.RATE_LIMITED})
    public Uni<ManifestPage> manifests(
            @Parameter(description = "only what is behind this", schema = @Schema(ref = "Place")) @QueryParam("after")
                    String after) {
        return archive.manifests(caller(), place(after));
    }

    @PUT
    @Path("/{device_id}/{gen}/manifest")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "putArchiveManifest",
            summary = "Replace a manifest by the next, and drop segments with it")
    @Refuses(
            value = {MailboxProblem.MANIFEST_VERSION, MailboxProblem.QUOTA_FULL, MailboxProblem.STORAGE_FULL},
            common = {CommonProblem.RATE_LIMITED})
    public Uni<Void> putManifest(
            @Parameter(description = "whose series it is, listed or removed", schema = @Schema(ref = "DeviceId"))
                    @PathParam("device_id")
                    String device,
            @Parameter(description = "generation of the backup key", schema = @Schema(ref = "Generation"))
                    @PathParam("gen")
                    String gen,
            ManifestRequest request) {
        return archive.putManifest(caller(), series(device, gen), required(request));
    }

    @GET
    @Path("/{device_id}/{gen}/segments")
    @Operation(operationId = "archiveSegments", summary = "Segments of a series, whether a manifest names them or not")
    @Refuses(common = {CommonProblem.MALFORMED, CommonProblem.RATE_LIMITED})
    public Uni<SegmentPage> segments(
            @Parameter(description = "whose series it is, listed or removed", schema = @Schema(ref = "DeviceId"))
                    @PathParam("device_id")
                    String device,
            @Parameter(description = "generation of the backup key", schema = @Schema(ref = "Generation"))
                    @PathParam("gen")
                    String gen,
            @Parameter(description = "only what is behind this", schema = @Schema(ref = "Place")) @QueryParam("after")
                    String after) {
        return archive.segments(caller(), series(device, gen), place(after));
    }

    @GET
    @Path("/{device_id}/{gen}/{seg_no}/{rev}")
    @Operation(operationId = "archiveSegment", summary = "A segment")
    @Refuses(
            value = {MailboxProblem.SEGMENT_UNREADABLE},
            common = {CommonProblem.MALFORMED, CommonProblem.RATE_LIMITED, CommonProblem.NOT_FOUND})
    public Uni<Segment> segment(
            @Parameter(description = "whose series it is, listed or removed", schema = @Schema(ref = "DeviceId"))
                    @PathParam("device_id")
                    String device,
            @Parameter(description = "generation of the backup key", schema = @Schema(ref = "Generation"))
                    @PathParam("gen")
                    String gen,
            @Parameter(schema = @Schema(ref = "SegmentNumber")) @PathParam("seg_no") String segNo,
            @Parameter(schema = @Schema(ref = "RevisionNumber")) @PathParam("rev") String rev) {
        return archive.segment(caller(), series(device, gen), revision(segNo, rev));
    }

    @PUT
    @Path("/{device_id}/{gen}/{seg_no}/{rev}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "putArchiveSegment", summary = "Store a segment")
    @Refuses(
            value = {MailboxProblem.MANIFEST_VERSION, MailboxProblem.QUOTA_FULL, MailboxProblem.STORAGE_FULL},
            common = {CommonProblem.RATE_LIMITED})
    public Uni<Void> putSegment(
            @Parameter(description = "whose series it is, listed or removed", schema = @Schema(ref = "DeviceId"))
                    @PathParam("device_id")
                    String device,
            @Parameter(description = "generation of the backup key", schema = @Schema(ref = "Generation"))
                    @PathParam("gen")
                    String gen,
            @Parameter(schema = @Schema(ref = "SegmentNumber")) @PathParam("seg_no") String segNo,
            @Parameter(schema = @Schema(ref = "RevisionNumber")) @PathParam("rev") String rev,
            Segment request) {
        return archive.putSegment(
                caller(),
                series(device, gen),
                revision(segNo, rev),
                required(request).segment());
    }

    @DELETE
    @Operation(operationId = "deleteArchive", summary = "Delete the archive of the account")
    @Refuses(common = {CommonProblem.RATE_LIMITED})
    public Uni<Void> delete() {
        return archive.delete(caller());
    }

    private Device caller() {
        return Caller.of(identity).requireDevice();
    }

    private static Series series(String device, String gen) {
        return wellFormed(() -> Series.parse(device, gen));
    }

    private static Revision revision(String segNo, String rev) {
        return wellFormed(() -> Revision.parse(segNo, rev));
    }

    private static Place place(String after) {
        return after == null ? Place.START : wellFormed(() -> Place.parse(after));
    }

    private static <T> T wellFormed(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException refused) {
            throw ProblemException.of(CommonProblem.MALFORMED, "The address holds what is no number of its kind.");
        }
    }

    /** An empty body and the JSON {@code null} come as null. */
    private static <T> T required(T body) {
        if (body == null) {
            throw ProblemException.of(CommonProblem.MALFORMED, "The request has no body.");
        }
        return body;
    }
}
