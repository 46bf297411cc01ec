package org.messengerp2p.kit.secret;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gives an AEAD keyset new keys while services go on using it: {@link #add}, {@link #promote}, {@link #retire}, in this
 * order. Between two steps every service has to read the file again, for which it takes the time since the file's last
 * change; a step that comes too early is refused.
 */
public final class KeysetRotation {

    /** Twice the longest time that a service may let pass before it reads the file again. */
    public static final Duration SPREAD = Duration.ofMinutes(2);

    private static final Set<PosixFilePermission> OWNER_DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private final KeysetFile keyset;
    private final Clock clock;

    public KeysetRotation(Path file, Clock clock) throws GeneralSecurityException {
        this.keyset = KeysetFile.aead(file);
        this.clock = clock;
    }

    /** Why a step is not taken, in one sentence that names no secret. */
    public static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public Refused(String sentence) {
            super(sentence);
        }
    }

    /** What a key is to the keyset. */
    public enum State {
        /** Sealed once; opens what it has sealed. */
        OLD,
        /** Seals. */
        PRIMARY,
        /** Seals after {@link #promote}. */
        ADDED
    }

    /**
     * A key, without what is secret of it.
     *
     * @param prefix how everything begins that it has sealed; empty for a foreign key, whose work cannot be told
     */
    public record Key(State state, byte[] prefix) {}

    /** How much of what is stored a key has sealed. */
    @FunctionalInterface
    public interface Sealed {

        /** @param prefix as in {@link Key} */
        long count(byte[] prefix);
    }

    /** @return from the oldest to the newest */
    public List<Key> keys() {
        return keys(keyset.read());
    }

    private static List<Key> keys(KeysetHandle present) {
        List<Key> keys = new ArrayList<>(present.size());
        State state = State.OLD;
        for (int each = 0; each < present.size(); each++) {
            boolean primary = present.getAt(each).isPrimary();
            keys.add(new Key(primary ? State.PRIMARY : state, prefix(present.getAt(each))));
            state = primary ? State.ADDED : state;
        }
        return keys;
    }

    /** Adds a key that opens and does not seal yet, so that nothing is sealed by what some service does not know. */
    public void add() throws GeneralSecurityException {
        if (isAdded()) {
            throw new Refused("A key has been added already; promote it.");
        }
        replace(keyset.withOneMore(keyset.read()));
    }

    /** Lets the added key seal. */
    public void promote() throws GeneralSecurityException {
        if (!isAdded()) {
            throw new Refused("No key has been added; add one first.");
        }
        requireSpread("have the added key");
        KeysetHandle.Builder changed = KeysetHandle.newBuilder(keyset.read());
        changed.getAt(changed.size() - 1).makePrimary();
        replace(changed.build());
    }

    /** Destroys the old keys, if nothing is left that one of them has sealed. */
    public void retire(Sealed sealed) throws GeneralSecurityException {
        KeysetHandle present = keyset.read();
        List<Key> keys = keys(present);
        if (keys.get(0).state() != State.OLD) {
            throw new Refused("There is no old key; " + (isAdded() ? "promote" : "add") + " one first.");
        }
        requireSpread("seal by the new key");
        KeysetHandle.Builder changed = KeysetHandle.newBuilder(present);
        for (Key key : keys) {
            if (key.state() == State.OLD) {
                requireNothingLeft(key, sealed);
                changed.deleteAt(0);
            }
        }
        requireUnchanged(present);
        replace(changed.build());
    }

    private static void requireNothingLeft(Key key, Sealed sealed) {
        if (key.prefix().length == 0) {
            throw new Refused("An old key was not made by Messenger, and what it has sealed cannot be told; it stays.");
        }
        long left = sealed.count(key.prefix());
        if (left > 0) {
            throw new Refused(left + " rows are sealed by an old key, which stays until they are gone.");
        }
    }

    /** Counting takes minutes where much is stored: a key that another call has let seal meanwhile must not be lost. */
    private void requireUnchanged(KeysetHandle counted) {
        if (!keyset.read().equalsKeyset(counted)) {
            throw new Refused("The keyset has changed while rows were counted; nothing was destroyed.");
        }
    }

    /** @return how long the next step has to wait; empty if it need not */
    public Optional<Duration> wait(Instant now) {
        try {
            Instant changed = Files.getLastModifiedTime(keyset.file()).toInstant();
            return Optional.of(Duration.between(now, changed.plus(SPREAD)))
                    .filter(left -> !left.isNegative() && !left.isZero());
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }

    private void requireSpread(String what) {
        wait(clock.instant()).ifPresent(left -> {
            throw new Refused("The keyset has changed a moment ago, and not every service may " + what
                    + " yet; wait another " + (left.toSeconds() + 1) + " s.");
        });
    }

    private boolean isAdded() {
        List<Key> keys = keys();
        return keys.get(keys.size() - 1).state() == State.ADDED;
    }

    private static byte[] prefix(KeysetHandle.Entry entry) {
        if (entry.getKey() instanceof AeadKey key) {
            return key.getOutputPrefix().toByteArray();
        }
        throw new Refused("The file holds no keyset that seals.");
    }

    /** The folder of a container's secrets is closed to its own user, too. */
    private void replace(KeysetHandle changed) throws GeneralSecurityException {
        Path folder = keyset.file().toAbsolutePath().getParent();
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
            if (permissions.contains(PosixFilePermission.OWNER_WRITE)) {
                keyset.replace(changed);
                return;
            }
            Files.setPosixFilePermissions(folder, OWNER_DIRECTORY);
            try {
                keyset.replace(changed);
            } finally {
                Files.setPosixFilePermissions(folder, permissions);
            }
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }
}
