/**
 * The floor: the least that a mailbox on the same stack can be. Vert.x, binary frames, one table, nobody signs in, nothing
 * is checked, sealed or counted.
 */
package org.messengerp2p.bench.floor;
