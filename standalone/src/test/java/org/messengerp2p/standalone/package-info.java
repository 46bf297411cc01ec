/** The product as a whole: one process, three processes, and the calls between services in both. */
package org.messengerp2p.standalone;
