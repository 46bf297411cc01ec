/** Encryption of what lies in the database. */
package org.messengerp2p.mailbox.sealing;
