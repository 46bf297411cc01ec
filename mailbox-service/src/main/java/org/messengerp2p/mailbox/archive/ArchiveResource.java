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
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

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
    public Uni<ManifestPage> manifests(@QueryParam("after") String after) {
        return archive.manifests(caller(), place(after));
    }

    @PUT
    @Path("/{device_id}/{gen}/manifest")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Void> putManifest(
            @PathParam("device_id") String device, @PathParam("gen") String gen, ManifestRequest request) {
        return archive.putManifest(caller(), series(device, gen), required(request));
    }

    @GET
    @Path("/{device_id}/{gen}/segments")
    public Uni<SegmentPage> segments(
            @PathParam("device_id") String device, @PathParam("gen") String gen, @QueryParam("after") String after) {
        return archive.segments(caller(), series(device, gen), place(after));
    }

    @GET
    @Path("/{device_id}/{gen}/{seg_no}/{rev}")
    public Uni<Segment> segment(
            @PathParam("device_id") String device,
            @PathParam("gen") String gen,
            @PathParam("seg_no") String segNo,
            @PathParam("rev") String rev) {
        return archive.segment(caller(), series(device, gen), revision(segNo, rev));
    }

    @PUT
    @Path("/{device_id}/{gen}/{seg_no}/{rev}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Void> putSegment(
            @PathParam("device_id") String device,
            @PathParam("gen") String gen,
            @PathParam("seg_no") String segNo,
            @PathParam("rev") String rev,
            Segment request) {
        return archive.putSegment(
                caller(),
                series(device, gen),
                revision(segNo, rev),
                required(request).segment());
    }

    @DELETE
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
