/** Figures that are not of a whole run: one store alone, readers beside a slow one, sealing by itself. */
package org.messengerp2p.bench.figure;
