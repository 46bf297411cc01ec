/** The online half of the messenger: who is connected, and frames from device to device (MP2P/1 §20.1). */
package org.messengerp2p.signaling;
