/**
 * Messenger P2P in one process: the three services, their database, TLS and the page. It adds no behaviour of its
 * own to what the services do.
 */
package org.messengerp2p.standalone;
