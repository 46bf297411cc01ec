/** Calls between services, on a listener of their own. */
package org.messengerp2p.kit.internal;
