package org.messengerp2p.signaling.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Map;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.signaling.SignalingSettings;
import org.messengerp2p.signaling.connection.CloseCode;
import org.messengerp2p.signaling.connection.ServerMessage;

/**
 * What {@code /ws} speaks, read from the classes that speak it: text frames, binary frames, close codes and the limits by
 * default. What is not public there is read all the same.
 */
final class SocketContract {

    private static final SnakeCaseStrategy SNAKE_CASE = new SnakeCaseStrategy();
    private static final Map<Type, String> FORMS = Map.of(
            AccountId.class, "16 bytes",
            DeviceId.class, "u32",
            byte[].class, "bytes",
            int.class, "integer",
            long.class, "integer",
            Long.class, "integer",
            String.class, "string");

    private SocketContract() {}

    static JsonObject asCoded() {
        return new JsonObject()
                .put(
                        "text",
                        new JsonObject()
                                .put("server", messages(ServerMessage.class))
                                .put("client", messages(internal("socket.ClientMessage"))))
                .put("binary", binary(internal("relay.RelayFrame")))
                .put("close_codes", closeCodes())
                .put("limits", limits());
    }

    private static JsonObject messages(Class<?> kind) {
        JsonObject messages = new JsonObject();
        for (JsonSubTypes.Type message : kind.getAnnotation(JsonSubTypes.class).value()) {
            messages.put(message.name(), fields(message.value()));
        }
        return messages;
    }

    /** An optional one ends in a question mark, as in the documents. */
    private static JsonObject fields(Class<?> record) {
        JsonObject fields = new JsonObject();
        for (RecordComponent component : record.getRecordComponents()) {
            boolean optional = component.getAccessor().isAnnotationPresent(JsonInclude.class);
            fields.put(
                    SNAKE_CASE.translate(component.getName()) + (optional ? "?" : ""),
                    form(component.getGenericType()));
        }
        return fields;
    }

    private static Object form(Type type) {
        if (type instanceof ParameterizedType list
                && list.getRawType() instanceof Class<?> raw
                && Collection.class.isAssignableFrom(raw)) {
            return new JsonArray().add(form(list.getActualTypeArguments()[0]));
        }
        if (FORMS.containsKey(type)) {
            return FORMS.get(type);
        }
        return fields((Class<?>) type);
    }

    private static JsonObject binary(Class<?> frame) {
        JsonObject types = new JsonObject();
        for (Object type : internal("relay.RelayFrame$Type").getEnumConstants()) {
            types.put(type.toString(), constant(type.getClass(), "code", type));
        }
        return new JsonObject()
                .put("types", types)
                .put(
                        "offsets",
                        new JsonObject()
                                .put("type", 0)
                                .put("account", constant(frame, "ACCOUNT_AT", null))
                                .put("device", constant(frame, "DEVICE_AT", null))
                                .put("ref", constant(frame, "REF_AT", null))
                                .put("payload", constant(frame, "PAYLOAD_AT", null)))
                .put("further_refs", constant(frame, "MOST_FURTHER_REFS", null));
    }

    private static JsonObject closeCodes() {
        JsonObject codes = new JsonObject();
        for (CloseCode code : CloseCode.values()) {
            codes.put(code.name(), code.code());
        }
        return codes;
    }

    private static JsonObject limits() {
        SignalingSettings settings = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(SignalingSettings.class)
                .build()
                .getConfigMapping(SignalingSettings.class);
        SignalingSettings.Limits limits = settings.limits();
        return new JsonObject()
                .put("max_frame", settings.maxFrame())
                .put("max_envelope", settings.maxEnvelope())
                .put("ping_s", settings.ping().toSeconds())
                .put("silence_s", settings.silence().toSeconds())
                .put("reauth_notice_s", settings.reauthNotice().toSeconds())
                .put("reconnect_window_s", settings.reconnectWindow().toSeconds())
                .put("send_queue", settings.sendQueue().asLongValue())
                .put("relay_per_second", limits.relayPerSecond())
                .put("relay_per_pair_per_second", limits.relayPerPairPerSecond())
                .put("taken_per_second", limits.takenPerSecond())
                .put("watch_per_minute", limits.watchPerMinute())
                .put("reauth_per_minute", limits.reauthPerMinute())
                .put("watched_accounts", limits.watchedAccounts());
    }

    private static Number constant(Class<?> in, String name, Object of) {
        try {
            Field field = in.getDeclaredField(name);
            field.setAccessible(true);
            return (Number) field.get(of);
        } catch (ReflectiveOperationException gone) {
            throw new AssertionError(in + " has another form", gone);
        }
    }

    private static Class<?> internal(String name) {
        try {
            return Class.forName("org.messengerp2p.signaling." + name);
        } catch (ClassNotFoundException gone) {
            throw new AssertionError(gone);
        }
    }
}
