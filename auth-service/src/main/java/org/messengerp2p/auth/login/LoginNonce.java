package org.messengerp2p.auth.login;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/** A nonce that a device may sign; written and used up by statements of {@link Nonces} alone. */
@Entity
@Table(name = "login_nonce")
class LoginNonce {
    @Id
    @Column(name = "nonce")
    private byte[] nonce;

    @Column(name = "device_key")
    private UUID deviceKey;

    @Column(name = "expiry_ms")
    private long expiryMs;

    protected LoginNonce() {}
}
