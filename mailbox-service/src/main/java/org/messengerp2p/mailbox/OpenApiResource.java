package org.messengerp2p.mailbox;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.messengerp2p.kit.http.OpenApiDocument;

/** The OpenAPI document of this service. */
@Path("/api/mailbox/v1/openapi")
public class OpenApiResource {
    private final byte[] document = OpenApiDocument.of("mailbox-service");

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(operationId = "openapi", summary = "This document")
    @APIResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "OpenApi")))
    public byte[] document() {
        return document.clone();
    }
}
