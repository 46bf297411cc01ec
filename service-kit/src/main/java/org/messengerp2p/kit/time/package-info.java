/** The clock. */
package org.messengerp2p.kit.time;
