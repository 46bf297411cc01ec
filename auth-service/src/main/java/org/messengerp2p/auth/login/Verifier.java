package org.messengerp2p.auth.login;

/**
 * What is kept of an authentication secret: Argon2id over its peppered form.
 *
 * @param mKib memory in KiB
 * @param pepperKeyId which pepper key was used
 */
record Verifier(byte[] hash, byte[] salt, int mKib, int t, int p, int pepperKeyId) {
    @Override
    public String toString() {
        return "Verifier[…]";
    }
}
