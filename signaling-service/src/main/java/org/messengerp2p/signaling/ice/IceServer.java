package org.messengerp2p.signaling.ice;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** As RTCIceServer of WebRTC; name and credential are null for STUN. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(requiredProperties = "urls")
public record IceServer(List<String> urls, String username, String credential) {

    static IceServer stun(List<String> urls) {
        return new IceServer(urls, null, null);
    }

    static IceServer turn(List<String> urls, TurnCredential credential) {
        return new IceServer(urls, credential.username(), credential.credential());
    }

    /** Tells nothing: the credential is a secret. */
    @Override
    public String toString() {
        return "IceServer[…]";
    }
}
