package org.messengerp2p.auth.secret;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** Where the secrets lie: Tink keysets as JSON; replicas of the service must be given the same files. */
@ConfigMapping(prefix = "mp2p.auth.secrets")
public interface SecretSettings {
    /** Folder of the files that have no path of their own. */
    @WithDefault("data/secrets/auth")
    Path directory();

    /**
     * Whether a file that is missing is made, readable by its owner alone; else it stops the start. The shared default
     * is true: only where a setup makes the files for every service does a missing one mean that something was lost.
     */
    @WithDefault("${mp2p.make-missing-secrets:true}")
    boolean makeMissing();

    /** AEAD that seals the keys which sign tokens. */
    @WithDefault("${mp2p.auth.secrets.directory:data/secrets/auth}/token-keys.json")
    Path tokenKeys();

    /** AEAD that seals vaults. */
    @WithDefault("${mp2p.auth.secrets.directory:data/secrets/auth}/vault.json")
    Path vault();

    /** PRF that peppers authentication secrets. */
    @WithDefault("${mp2p.auth.secrets.directory:data/secrets/auth}/pepper.json")
    Path pepper();

    /** PRF that makes {@code server_salt}; never rotated, since passwords derive from it. */
    @WithDefault("${mp2p.auth.secrets.directory:data/secrets/auth}/salt.json")
    Path salt();

    /** PRF that blinds what is only ever compared. */
    @WithDefault("${mp2p.auth.secrets.directory:data/secrets/auth}/blinding.json")
    Path blinding();

    /** Ed25519 key that signs the heads of the key log; never rotated, since clients keep it (MP2P/1 §10.1). */
    @WithDefault("${mp2p.auth.secrets.directory:data/secrets/auth}/log-key.json")
    Path logKey();
}
