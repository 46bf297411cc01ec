/** Envelopes come in: who may deliver, to which devices, how much. Holds the device directory. */
package org.messengerp2p.mailbox.delivery;
