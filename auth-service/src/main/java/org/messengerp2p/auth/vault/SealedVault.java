package org.messengerp2p.auth.vault;

/** A vault as it came, and as it is stored: sealed once more. */
public record SealedVault(VaultBlob blob, byte[] sealed) {
    public long version() {
        return blob.version();
    }
}
