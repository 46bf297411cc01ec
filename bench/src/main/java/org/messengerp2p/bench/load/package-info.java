/** The load and how it is measured: the same for whatever keeps messages for those who are away. */
package org.messengerp2p.bench.load;
