/** The sealed vault: what only its owner's password opens, kept by compare-and-swap (MP2P/1 §9.3). */
package org.messengerp2p.auth.vault;
