package org.messengerp2p.auth.enrolment;

import jakarta.annotation.Nullable;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.auth.account.Username;
import org.messengerp2p.auth.login.ClientKdf;
import org.messengerp2p.auth.login.ClientSecret;
import org.messengerp2p.auth.prekey.PrekeyBatch;

/** Body of POST /accounts (MP2P/1 §20). */
record RegistrationRequest(
        Username username,
        @Schema(ref = "KdfMemory") int mKib,
        @Schema(ref = "KdfPasses") int t,
        @Schema(ref = "KdfLanes") int p,
        ClientSecret authSecret,

        @Nullable ClientSecret recAuth,

        @Schema(ref = "DeviceList") byte[] dlc,
        @Schema(ref = "PrekeyRecords") List<byte[]> prekeys,
        @Schema(ref = "Vault") byte[] vault) {
    RegistrationRequest {
        if (username == null || authSecret == null || dlc == null || vault == null) {
            throw new IllegalArgumentException("username, auth_secret, dlc and vault are all needed");
        }
        PrekeyBatch.requireCount(prekeys);
    }

    ClientKdf kdf() {
        return new ClientKdf(mKib, t, p);
    }

    Optional<ClientSecret> recovery() {
        return Optional.ofNullable(recAuth);
    }

    @Override
    public String toString() {
        return "RegistrationRequest[…]";
    }
}
