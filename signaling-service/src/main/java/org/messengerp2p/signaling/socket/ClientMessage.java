package org.messengerp2p.signaling.socket;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.messengerp2p.signaling.presence.ShownToken;

/** Text frames from a device (MP2P/1 §20.1). */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t")
@JsonSubTypes({
    @Type(value = ClientMessage.Reauth.class, name = "reauth"),
    @Type(value = ClientMessage.Watch.class, name = "watch")
})
sealed interface ClientMessage {

    /** A new access token of the same account and device. */
    record Reauth(@JsonProperty(required = true) String token) implements ClientMessage {

        public Reauth {
            if (token == null) {
                throw new IllegalArgumentException("reauth has a token");
            }
        }

        /** Tells nothing: the token is a secret. */
        @Override
        public String toString() {
            return "Reauth[…]";
        }
    }

    /** Replaces all that is watched beside the own account. */
    record Watch(@JsonProperty(required = true) List<ShownToken> list) implements ClientMessage {

        public Watch {
            if (list == null || list.contains(null)) {
                throw new IllegalArgumentException("watch has a list");
            }
            list = List.copyOf(list);
        }
    }
}
