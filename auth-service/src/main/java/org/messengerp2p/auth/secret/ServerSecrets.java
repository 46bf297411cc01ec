package org.messengerp2p.auth.secret;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.prf.PrfSet;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.messengerp2p.kit.secret.KeysetFile;

/** The secrets of this service, read once at start: a missing or broken one stops the start, not the first request. */
@Singleton
@Startup
public class ServerSecrets {
    private static final int OUTPUT_LENGTH = 32;
    private static final int SALT_LENGTH = 16;
    private static final byte[] MARKED = "mp2p secret mark".getBytes(StandardCharsets.US_ASCII);

    private final Sealer tokenKeys;
    private final Sealer vault;
    private final PrfSet pepper;
    private final PrfSet salt;
    private final PrfSet blinding;
    private final LogKey logKey;

    ServerSecrets(SecretSettings settings) throws GeneralSecurityException {
        boolean make = settings.makeMissing();
        this.tokenKeys = new Sealer(aead(settings.tokenKeys(), make), "signing_key");
        this.vault = new Sealer(aead(settings.vault(), make), "vault");
        this.pepper = prf(settings.pepper(), make);
        this.salt = prf(settings.salt(), make);
        this.blinding = prf(settings.blinding(), make);
        this.logKey = new LogKey(
                KeysetFile.ed25519(settings.logKey()).makeMissing(make).openSigner());
    }

    public Sealer tokenKeys() {
        return tokenKeys;
    }

    public Sealer vault() {
        return vault;
    }

    /** {@code server_salt}: stable, and of the same form for names that exist and names that do not. */
    public byte[] serverSalt(String username) {
        return compute(salt, salt.getPrimaryId(), username.getBytes(StandardCharsets.UTF_8), SALT_LENGTH);
    }

    public int currentPepper() {
        return pepper.getPrimaryId();
    }

    /** Peppers an authentication secret with the key that its row names. */
    public byte[] peppered(byte[] secret, int pepperKeyId) {
        return compute(pepper, pepperKeyId, secret, OUTPUT_LENGTH);
    }

    /** A value that can be compared with itself and says nothing else. */
    public byte[] blinded(byte[] value) {
        return compute(blinding, blinding.getPrimaryId(), value, OUTPUT_LENGTH);
    }

    /** As {@link #blinded}, in the 128 bits that a key of a row takes. */
    public UUID blindedKey(byte[] value) {
        ByteBuffer key = ByteBuffer.wrap(blinded(value));
        return new UUID(key.getLong(), key.getLong());
    }

    /** What {@link #blinded} gives now, and what it gave when another key of the file was the first. */
    public List<byte[]> blindedByEachKey(byte[] value) {
        return keyIds(blinding).stream()
                .map(keyId -> compute(blinding, keyId, value, OUTPUT_LENGTH))
                .toList();
    }

    /** Signs the heads of the key log. */
    public LogKey logKey() {
        return logKey;
    }

    /** The secrets that rows or clients depend on, by the purpose under which {@link SecretMarks} knows them. */
    Map<String, Map<Integer, byte[]>> marks() {
        return Map.of(
                "pepper", marks(pepper, keyIds(pepper)),
                "salt", marks(salt, Set.of(salt.getPrimaryId())),
                "log-key", logKey.mark());
    }

    /** @param keyIds of what rows name, or of the one key that may never be another */
    private static Map<Integer, byte[]> marks(PrfSet prf, Set<Integer> keyIds) {
        return keyIds.stream()
                .collect(Collectors.toMap(keyId -> keyId, keyId -> compute(prf, keyId, MARKED, OUTPUT_LENGTH)));
    }

    private static Aead aead(Path file, boolean make) throws GeneralSecurityException {
        return KeysetFile.aead(file).makeMissing(make).openAead();
    }

    private static PrfSet prf(Path file, boolean make) throws GeneralSecurityException {
        return KeysetFile.prf(file).makeMissing(make).openPrf();
    }

    private static Set<Integer> keyIds(PrfSet prf) {
        try {
            return prf.getPrfs().keySet();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("a keyset cannot list its keys", impossible);
        }
    }

    private static byte[] compute(PrfSet prf, int keyId, byte[] input, int length) {
        try {
            return prf.getPrfs().get(keyId).compute(input, length);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("a keyed hash cannot be computed", impossible);
        }
    }
}
