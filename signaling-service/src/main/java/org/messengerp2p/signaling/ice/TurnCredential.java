package org.messengerp2p.signaling.ice;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A credential that the TURN server verifies by itself (draft-uberti-behave-turn-rest-00): the name tells when it
 * ends, the credential is the name's HMAC-SHA1 under the shared secret. The TURN server logs the name, so the part
 * after the colon is random and new each time and leads to nobody.
 */
record TurnCredential(String username, String credential) {

    private static final int NAME_BYTES = 16;

    static TurnCredential until(Instant end, byte[] secret, SecureRandom random) {
        byte[] name = new byte[NAME_BYTES];
        random.nextBytes(name);
        String username = end.getEpochSecond() + ":"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(name);
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
