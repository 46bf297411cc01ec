/** Processes that the bench starts, and what they cost, as Linux counts it. */
package org.messengerp2p.bench.process;
