package org.messengerp2p.auth.account;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.messengerp2p.kit.identity.AccountId;

/** An account: its name, its identity key, the version of its newest device list. */
@Entity
@Table(name = "account")
public class Account {
    @Id
    @Column(name = "account_id")
    private UUID accountId;

    @Column(name = "username")
    private String username;

    @Column(name = "aik")
    private byte[] aik;

    @Column(name = "list_version")
    private long listVersion;

    @Column(name = "registration_hash")
    private byte[] registrationHash;

    @Column(name = "created_at")
    private Instant createdAt;

    protected Account() {}

    public Account(AccountId id, Username username, byte[] aik, byte[] registrationHash, Instant createdAt) {
        this.accountId = id.value();
        this.username = username.value();
        this.aik = aik.clone();
        this.listVersion = 1;
        this.registrationHash = registrationHash.clone();
        this.createdAt = createdAt;
    }

    public AccountId id() {
        return new AccountId(accountId);
    }

    public Username username() {
        return new Username(username);
    }

    public byte[] aik() {
        return aik.clone();
    }

    /** Version of the newest device list. */
    public long listVersion() {
        return listVersion;
    }

    public void listVersion(long version) {
        this.listVersion = version;
    }

    /** {@code H(dlc || vault)} of the request that made this account. */
    public byte[] registrationHash() {
        return registrationHash.clone();
    }

    public Instant createdAt() {
        return createdAt;
    }
}
