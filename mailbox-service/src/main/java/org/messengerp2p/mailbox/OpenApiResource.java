package org.messengerp2p.mailbox;

import jakarta.ws.rs.Path;
import org.messengerp2p.kit.http.ServedDocument;

/** The OpenAPI document of this service. */
@Path("/api/mailbox/v1/openapi")
public class OpenApiResource extends ServedDocument {
    OpenApiResource() {
        super("mailbox-service");
    }
}
