/** Prekeys: their upload, and their hand-out at most once (MP2P/1 §3, §20 point 5). */
package org.messengerp2p.auth.prekey;
