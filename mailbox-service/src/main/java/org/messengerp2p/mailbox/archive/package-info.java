/** The account's history, sealed by its devices and kept for the next one (MP2P/1 §9.3). */
package org.messengerp2p.mailbox.archive;
