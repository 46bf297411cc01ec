package org.messengerp2p.auth.login;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.messengerp2p.auth.ServerSettings;
import org.messengerp2p.auth.wire.Signed;
import org.messengerp2p.auth.wire.VerifyingKey;
import org.messengerp2p.kit.identity.Device;

/** The login proof of MP2P/1 §9.2: a signature for this server, this device, this nonce. */
@ApplicationScoped
class DeviceProof {
    private final byte[] serverName;

    DeviceProof(ServerSettings server) {
        this.serverName = server.canonicalHost().getBytes(StandardCharsets.UTF_8);
    }

    boolean verifies(byte[] dsk, Device device, byte[] nonce, long expiryMs, byte[] signature) {
        return Signed.LOGIN.by(VerifyingKey.known(dsk), signature, signed(device, nonce, expiryMs));
    }

    private byte[] signed(Device device, byte[] nonce, long expiryMs) {
        return ByteBuffer.allocate(nonce.length + 2 + serverName.length + 16 + 4 + 8)
                .put(nonce)
                .putShort((short) serverName.length)
                .put(serverName)
                .put(device.account().bytes())
                .putInt((int) device.device().value())
                .putLong(expiryMs)
                .array();
    }
}
