/** The append-only log of device lists and names, by which every client sees the same keys (MP2P/1 §10.1). */
package org.messengerp2p.auth.transparency;
