/** The edge: {@code /ws}, its handshake, its frames and its end (MP2P/1 §20.1). */
package org.messengerp2p.signaling.socket;
