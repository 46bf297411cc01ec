/** Envelopes go out: a device collects them in order and acknowledges what it has committed. */
package org.messengerp2p.mailbox.collection;
