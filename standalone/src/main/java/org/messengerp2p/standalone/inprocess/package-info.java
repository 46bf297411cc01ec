/** The calls between services (architecture: "Between services") where they share a process. */
package org.messengerp2p.standalone.inprocess;
