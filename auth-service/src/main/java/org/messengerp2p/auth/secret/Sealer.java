package org.messengerp2p.auth.secret;

import com.google.crypto.tink.Aead;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/** Seals what lies in one table; what is sealed is bound to its row, so that rows cannot be swapped. */
public final class Sealer {
    private final Aead aead;
    private final String table;

    Sealer(Aead aead, String table) {
        this.aead = aead;
        this.table = table;
    }

    public byte[] seal(byte[] plain, String row) {
        try {
            return aead.encrypt(plain, bound(row));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("a row of " + table + " cannot be sealed", impossible);
        }
    }

    /** @throws IllegalStateException if the row was sealed under another keyset, or altered */
    public byte[] open(byte[] sealed, String row) {
        try {
            return aead.decrypt(sealed, bound(row));
        } catch (GeneralSecurityException altered) {
            throw new IllegalStateException(
                    "a row of " + table + " does not open under this service's secret file", altered);
        }
    }

    private byte[] bound(String row) {
        return (table + '\0' + row).getBytes(StandardCharsets.UTF_8);
    }
}
