/**
 * The floor of the relay: a bare websockets-next endpoint of the product's own Quarkus. Nobody signs in, nothing is
 * checked, bounded, counted or acknowledged.
 */
package org.messengerp2p.relayfloor;
