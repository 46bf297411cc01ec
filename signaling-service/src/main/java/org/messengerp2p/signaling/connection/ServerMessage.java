package org.messengerp2p.signaling.connection;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Set;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.kit.problem.ProblemType;

/** Text frames from the server (MP2P/1 §20.1). */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t")
@JsonSubTypes({
    @Type(value = ServerMessage.Hello.class, name = "hello"),
    @Type(value = ServerMessage.Mail.class, name = "mail"),
    @Type(value = ServerMessage.Presence.class, name = "presence"),
    @Type(value = ServerMessage.Reauth.class, name = "reauth"),
    @Type(value = ServerMessage.Error.class, name = "error")
})
public sealed interface ServerMessage {

    /** The first frame. */
    record Hello(DeviceId device, long nowMs, long pingS, int maxFrame) implements ServerMessage {}

    /** Envelopes wait in the mailbox. */
    record Mail() implements ServerMessage {}

    /** The devices of an account that are connected now. */
    record Presence(AccountId account, Set<DeviceId> devices) implements ServerMessage {}

    /** The token ends then; a new one is wanted before. */
    record Reauth(long byMs) implements ServerMessage {}

    /**
     * A frame was dropped.
     *
     * @param ref that of the dropped RELAY; null where it was another frame
     */
    record Error(
            String type,
            @JsonInclude(JsonInclude.Include.NON_NULL) Long ref) implements ServerMessage {

        public static Error of(ProblemType problem) {
            return new Error(problem.urn(), null);
        }

        public static Error ofRelay(ProblemType problem, int ref) {
            return new Error(problem.urn(), Integer.toUnsignedLong(ref));
        }
    }
}
