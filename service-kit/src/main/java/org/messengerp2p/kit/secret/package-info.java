/** Secrets in files that their owner alone may read. */
package org.messengerp2p.kit.secret;
