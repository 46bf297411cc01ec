package org.messengerp2p.mailbox.sealing;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.messengerp2p.kit.secret.KeysetFile;

/** A keyset that follows its file: who rotates keys restarts nothing. */
final class LiveKeyset {

    private static final Logger LOG = Logger.getLogger(LiveKeyset.class);

    private final String name;
    private final KeysetFile file;
    private volatile KeysetFile.Sealer sealer;
    private boolean unusable;

    /** @param name of the file, for the log */
    LiveKeyset(String name, KeysetFile file) throws GeneralSecurityException {
        this.name = name;
        this.file = file;
        this.sealer = file.openSealer();
    }

    byte[] seal(byte[] content, byte[] place) {
        try {
            return sealer.aead().encrypt(content, place);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("a row cannot be sealed", impossible);
        }
    }

    /** @return empty if no key opens it in this place */
    Optional<byte[]> open(byte[] sealed, byte[] place) {
        try {
            return Optional.of(sealer.aead().decrypt(sealed, place));
        } catch (GeneralSecurityException unreadable) {
            return Optional.empty();
        }
    }

    /** How everything begins that is sealed from now on. */
    byte[] prefix() {
        return sealer.prefix().clone();
    }

    /** Whether there is a key beside the one that seals. */
    boolean hasOthers() {
        return sealer.keys() > 1;
    }

    /** Blocks. A file that cannot be used leaves the keys as they were, and is told once. */
    synchronized void readAgain() {
        try {
            KeysetFile.Sealer read = file.openSealer();
            if (read.keys() != sealer.keys() || !Arrays.equals(read.prefix(), sealer.prefix())) {
                LOG.infof("The keyset %s has changed; it has %d keys now", name, read.keys());
            }
            sealer = read;
            unusable = false;
        } catch (GeneralSecurityException | IllegalStateException failure) {
            if (!unusable) {
                LOG.errorf("The keyset %s cannot be read again; the former keys stay in use", name);
            }
            unusable = true;
        }
    }
}
