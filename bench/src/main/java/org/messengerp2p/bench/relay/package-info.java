/** The online half: messages between connected devices, what a connection costs, and that all come back. */
package org.messengerp2p.bench.relay;
