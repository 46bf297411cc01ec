package org.messengerp2p.kit.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A service's OpenAPI document as it is checked in; in one process there are three. */
public final class OpenApiDocument {
    private OpenApiDocument() {}

    /** @param service name of the service, as in {@code auth-service} */
    public static byte[] of(String service) {
        try (InputStream document = OpenApiDocument.class.getResourceAsStream("/openapi/" + service + ".json")) {
            if (document == null) {
                throw new IllegalStateException("there is no OpenAPI document of " + service);
            }
            return document.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
