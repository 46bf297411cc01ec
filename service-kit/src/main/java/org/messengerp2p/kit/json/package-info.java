/** JSON as the protocol writes it. */
package org.messengerp2p.kit.json;
