/** Measures what a message costs, against floors and peers, in one run (docs/benchmarks.md). */
package org.messengerp2p.bench;
