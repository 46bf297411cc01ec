package org.messengerp2p.kit.identity;

import java.security.PublicKey;
import java.util.Optional;

/**
 * The public keys by which tokens are verified, found by {@code kid}. Never blocks: keys are in memory, and a new
 * one is published well before auth-service signs with it.
 */
public interface VerificationKeys {

    Optional<PublicKey> byKeyId(String keyId);

    /** False until the first keys are there; the service is not ready before. */
    boolean loaded();
}
