/** The frames of {@code /ws} as they are checked in. */
package org.messengerp2p.signaling.contract;
