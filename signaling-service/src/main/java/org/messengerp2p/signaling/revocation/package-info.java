/** Devices that were removed from their account: what they hold open ends, and they are not let in again. */
package org.messengerp2p.signaling.revocation;
