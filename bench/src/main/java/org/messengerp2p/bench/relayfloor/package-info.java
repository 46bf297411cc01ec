/**
 * The floors of the relay: the bare endpoint of websockets-next ({@code bench/relay-floor}), and Vert.x without Quarkus.
 */
package org.messengerp2p.bench.relayfloor;
