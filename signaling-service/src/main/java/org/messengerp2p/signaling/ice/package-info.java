/** How browsers find a direct path: STUN and TURN servers, and credentials for the latter (MP2P/1 §20). */
package org.messengerp2p.signaling.ice;
