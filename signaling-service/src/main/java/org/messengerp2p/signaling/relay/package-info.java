/** Binary frames from one connected device to another (MP2P/1 §20.1). */
package org.messengerp2p.signaling.relay;
