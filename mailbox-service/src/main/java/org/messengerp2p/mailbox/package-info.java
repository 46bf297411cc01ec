/** Envelopes that wait for a device: what all parts of the service share. */
package org.messengerp2p.mailbox;
