package org.messengerp2p.auth.wire;

import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.bouncycastle.math.ec.rfc8032.Ed25519.PublicPoint;

/** An Ed25519 public key of the group of prime order, decoded once for all signatures that are checked by it. */
public final class VerifyingKey {
    private static final int LENGTH = 32;
    private static final int SIGNATURE_LENGTH = 64;

    private final PublicPoint point;

    private VerifyingKey(PublicPoint point) {
        this.point = point;
    }

    /**
     * A key as it comes in. About 50 µs of CPU.
     *
     * @throws FormatException for another length, an encoding that is not canonical, what is no point of the curve, and
     *     a point with a part of small order
     */
    public static VerifyingKey checked(byte[] encoded) throws FormatException {
        PublicPoint point = encoded.length == LENGTH ? Ed25519.validatePublicKeyFullExport(encoded, 0) : null;
        if (point == null) {
            throw new FormatException("a key is not one of Ed25519");
        }
        return new VerifyingKey(point);
    }

    /** A key that was {@link #checked} when it came in, as every key of a stored device list was. */
    public static VerifyingKey known(byte[] encoded) {
        PublicPoint point = Ed25519.validatePublicKeyPartialExport(encoded, 0);
        if (point == null) {
            throw new IllegalStateException("a stored key does not decode");
        }
        return new VerifyingKey(point);
    }

    /**
     * Strict Ed25519 over exactly these bytes: all that this accepts, libsodium accepts too (docs/adr/0024). Bouncy
     * Castle refuses S ≥ L and other encodings, but clears the cofactor before it compares, so a part of small order in
     * R or in the key goes by unseen: both must be of the group of prime order. About 0.1 ms of CPU.
     */
    boolean verifies(byte[] signature, byte[] message) {
        // R is the first half of a signature, and what holds for a key holds for it.
        return signature.length == SIGNATURE_LENGTH
                && Ed25519.validatePublicKeyFull(signature, 0)
                && Ed25519.verify(signature, 0, point, message, 0, message.length);
    }

    @Override
    public String toString() {
        return "VerifyingKey[…]";
    }
}
