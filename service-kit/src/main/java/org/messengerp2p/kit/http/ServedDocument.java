package org.messengerp2p.kit.http;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** Serves the OpenAPI document of a service, which adds the path. */
public abstract class ServedDocument {
    private final byte[] document;

    /** @param service as for {@link OpenApiDocument#of} */
    protected ServedDocument(String service) {
        this.document = OpenApiDocument.of(service);
    }

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
