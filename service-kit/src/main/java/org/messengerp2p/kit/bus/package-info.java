/** What is told to a device at once. */
package org.messengerp2p.kit.bus;
