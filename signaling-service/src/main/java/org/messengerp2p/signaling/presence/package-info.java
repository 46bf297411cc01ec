/** Which devices are connected, and who may know it (MP2P/1 §20.1 {@code watch}, {@code presence}). */
package org.messengerp2p.signaling.presence;
