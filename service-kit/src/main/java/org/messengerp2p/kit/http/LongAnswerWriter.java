package org.messengerp2p.kit.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/** Writes long answers as JSON, as far as {@link LongAnswers} has room. */
@Provider
@Produces(MediaType.APPLICATION_JSON)
public class LongAnswerWriter implements ServerMessageBodyWriter<LongAnswer> {

    private final ObjectMapper mapper;
    private final LongAnswers answers;
    private final CurrentVertxRequest current;

    LongAnswerWriter(ObjectMapper mapper, LongAnswers answers, CurrentVertxRequest current) {
        this.mapper = mapper;
        this.answers = answers;
        this.current = current;
    }

    @Override
    public boolean isWriteable(
            Class<?> type, Type generic, ResteasyReactiveResourceInfo resource, MediaType mediaType) {
        return LongAnswer.class.isAssignableFrom(type);
    }

    @Override
    public boolean isWriteable(Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
        return LongAnswer.class.isAssignableFrom(type);
    }

    @Override
    public void writeResponse(LongAnswer answer, Type generic, ServerRequestContext context) throws IOException {
        answers.send(current.getCurrent().request(), mapper.writeValueAsBytes(answer));
    }

    /** Where something stands between, as an interceptor; then nothing is counted. */
    @Override
    public void writeTo(
            LongAnswer answer,
            Class<?> type,
            Type generic,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream out)
            throws IOException {
        mapper.writeValue(out, answer);
    }
}
