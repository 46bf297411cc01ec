/** The device bus over one node of Valkey, or several that share out the accounts. */
package org.messengerp2p.kit.bus.valkey;
