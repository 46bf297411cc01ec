/** A new password, and with it new keys of the vault and a new recovery code or none (MP2P/1 §9.3). */
package org.messengerp2p.auth.password;
