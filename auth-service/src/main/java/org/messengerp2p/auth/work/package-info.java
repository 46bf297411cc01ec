/** CPU work that an event loop must not do. */
package org.messengerp2p.auth.work;
