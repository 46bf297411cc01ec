/** The command by which an operator changes the keys that seal what is stored (docs/operations.md). */
package org.messengerp2p.mailbox.rotation;
