package org.messengerp2p.auth.vault;

import java.util.Arrays;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.login.ClientKdf;
import org.messengerp2p.auth.wire.FormatException;
import org.messengerp2p.auth.wire.Hashes;
import org.messengerp2p.auth.wire.RecordReader;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * A vault as far as the server can read it: its header in the open, its items sealed (MP2P/1 §9.3).
 *
 * @param hasRecovery whether W2 is there
 * @param headHash H over what only a new password or recovery code changes
 * @param encoded the exact bytes
 * @param hash H over all of them
 */
public record VaultBlob(
        long vrkGen,
        ClientKdf kdf,
        byte[] serverSalt,
        boolean hasRecovery,
        byte[] headHash,
        long version,
        byte[] encoded,
        byte[] hash) {
    /** Largest vault (MP2P/1 §20). */
    public static final int MAX_LENGTH = 1024 * 1024;

    private static final int SALT_LENGTH = 16;
    private static final int SEAL_LENGTH = 72;
    private static final int WRAPPED_KEY_LENGTH = SEAL_LENGTH + 32;
    private static final int PADDING = 4096;

    /**
     * Decodes; what is sealed is measured only.
     *
     * @throws ProblemException too-large, or vault-header
     */
    public static VaultBlob decoded(byte[] encoded) {
        if (encoded.length > MAX_LENGTH) {
            throw ProblemException.of(CommonProblem.TOO_LARGE, "A vault has at most 1 MiB.");
        }
        try {
            return read(encoded);
        } catch (FormatException refused) {
            throw refused("The vault is refused: " + refused.getMessage() + ".");
        }
    }

    /**
     * Holds the header to the request that brings it (MP2P/1 §20).
     *
     * @param named the cost that the request names
     * @param salt what the login parameters give for the account's name
     * @param withRecovery whether the request brings rec_auth
     * @throws ProblemException vault-header
     */
    public void requireKeysOf(ClientKdf named, byte[] salt, boolean withRecovery) {
        if (!named.isWithinBounds() || !kdf.equals(named)) {
            throw refused("The cost is out of bounds, or not the one that the request names.");
        }
        if (!Arrays.equals(serverSalt, salt)) {
            throw refused("The salt is not the one that the login parameters give.");
        }
        if (hasRecovery != withRecovery) {
            throw refused("rec_auth and W2 come together.");
        }
    }

    public static ProblemException refused(String detail) {
        return ProblemException.of(AuthProblem.VAULT_HEADER, detail);
    }

    private static VaultBlob read(byte[] encoded) throws FormatException {
        RecordReader vault = new RecordReader(encoded);
        vault.expectU8(1, "the form of the vault's key header");
        long vrkGen = vault.u32();
        long mKib = vault.u32();
        long t = vault.u32();
        int p = vault.u8();
        byte[] serverSalt = vault.take(SALT_LENGTH);
        if (mKib > Integer.MAX_VALUE || t > Integer.MAX_VALUE) {
            throw new FormatException("its cost is out of bounds");
        }
        if (wrappedKey(vault) == 0) {
            throw new FormatException("the key wrapped by the password is missing");
        }
        boolean hasRecovery = wrappedKey(vault) != 0;
        byte[] headHash = Hashes.sha256(Arrays.copyOf(encoded, vault.position()));
        vault.expectU8(1, "the form of the vault's items");
        long version = vault.u32();
        int items = vault.remaining() - SEAL_LENGTH;
        if (items < PADDING || items % PADDING != 0) {
            throw new FormatException("its items are not padded to a multiple of 4096");
        }
        return new VaultBlob(
                vrkGen,
                new ClientKdf((int) mKib, (int) t, p),
                serverSalt,
                hasRecovery,
                headHash,
                version,
                encoded,
                Hashes.sha256(encoded));
    }

    /** @return 0 or the length of a wrapped key */
    private static int wrappedKey(RecordReader vault) throws FormatException {
        int length = vault.u16();
        if (length != 0 && length != WRAPPED_KEY_LENGTH) {
            throw new FormatException("a wrapped key has 104 bytes");
        }
        vault.take(length);
        return length;
    }
}
