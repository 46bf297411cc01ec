/** Signed device lists, and what mailbox-service is told of them (MP2P/1 §2). */
package org.messengerp2p.auth.device;
