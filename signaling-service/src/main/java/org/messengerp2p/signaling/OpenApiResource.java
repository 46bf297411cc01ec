package org.messengerp2p.signaling;

import jakarta.ws.rs.Path;
import org.messengerp2p.kit.http.ServedDocument;

/** The OpenAPI document of this service. */
@Path("/api/signaling/v1/openapi")
public class OpenApiResource extends ServedDocument {
    OpenApiResource() {
        super("signaling-service");
    }
}
