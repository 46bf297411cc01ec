/** The device bus over one node of Valkey. */
package org.messengerp2p.kit.bus.valkey;
