package org.messengerp2p.signaling.ice;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A credential that the TURN server verifies by itself (draft-uberti-behave-turn-rest-00): the name tells when it
 * ends, the credential is the name's HMAC-SHA1 under the shared secret.
 */
record TurnCredential(String username, String credential) {

    static TurnCredential of(String username, byte[] secret) {
        return new TurnCredential(username, Base64.getEncoder().encodeToString(hmacSha1(secret, username)));
    }

    /** Tells nothing: the credential is a secret. */
    @Override
    public String toString() {
        return "TurnCredential[…]";
    }

    private static byte[] hmacSha1(byte[] secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret, "HmacSHA1"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has HmacSHA1", impossible);
        }
    }
}
