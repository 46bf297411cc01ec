package org.messengerp2p.auth.password;

import jakarta.annotation.Nullable;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.auth.login.ClientKdf;
import org.messengerp2p.auth.login.ClientSecret;
import org.messengerp2p.auth.login.Proof;

/**
 * Body of PUT /password (MP2P/1 §20).
 *
 * @param proof the password or the code that stands
 * @param recAuth of the new recovery code; null for none
 */
record PasswordRequest(
        @Schema(ref = "Proof") Proof proof,
        @Schema(ref = "KdfMemory") int mKib,
        @Schema(ref = "KdfPasses") int t,
        @Schema(ref = "KdfLanes") int p,
        ClientSecret authSecret,
        @Nullable ClientSecret recAuth,
        @Schema(ref = "Vault") byte[] vault) {
    PasswordRequest {
        if (proof == null || authSecret == null || vault == null) {
            throw new IllegalArgumentException("proof, auth_secret and vault are all needed");
        }
    }

    ClientKdf kdf() {
        return new ClientKdf(mKib, t, p);
    }

    Optional<ClientSecret> recovery() {
        return Optional.ofNullable(recAuth);
    }

    @Override
    public String toString() {
        return "PasswordRequest[…]";
    }
}
