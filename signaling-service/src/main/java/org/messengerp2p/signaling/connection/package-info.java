/** One live socket as the rest of the service sees it: what goes out, in bounded memory, and how it ends. */
package org.messengerp2p.signaling.connection;
