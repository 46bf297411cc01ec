package org.messengerp2p.signaling.connection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import jakarta.enterprise.context.ApplicationScoped;

/** Writes text frames. */
@ApplicationScoped
public class MessageWriter {

    private final ObjectWriter json;

    MessageWriter(ObjectMapper json) {
        this.json = json.writerFor(ServerMessage.class);
    }

    /** In UTF-8. */
    byte[] write(ServerMessage message) {
        try {
            return json.writeValueAsBytes(message);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a message of the server's own cannot be written", impossible);
        }
    }
}
