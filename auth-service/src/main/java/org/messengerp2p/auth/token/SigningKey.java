package org.messengerp2p.auth.token;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A key pair as the database keeps it, the private half sealed. */
@Entity
@Table(name = "signing_key")
class SigningKey {
    @Id
    @Column(name = "key_id")
    private String keyId;

    @Column(name = "public_key")
    private byte[] publicKey;

    @Column(name = "sealed_private")
    private byte[] sealedPrivate;

    @Column(name = "made_at")
    private Instant madeAt;

    @Column(name = "signs_from")
    private Instant signsFrom;

    protected SigningKey() {}

    SigningKey(String keyId, byte[] publicKey, byte[] sealedPrivate, KeyTimes times) {
        this.keyId = keyId;
        this.publicKey = publicKey.clone();
        this.sealedPrivate = sealedPrivate.clone();
        this.madeAt = times.madeAt();
        this.signsFrom = times.signsFrom();
    }

    String keyId() {
        return keyId;
    }

    byte[] publicKey() {
        return publicKey.clone();
    }

    byte[] sealedPrivate() {
        return sealedPrivate.clone();
    }

    KeyTimes times() {
        return new KeyTimes(madeAt, signsFrom);
    }
}
