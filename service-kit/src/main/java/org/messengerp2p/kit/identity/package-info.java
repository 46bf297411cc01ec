/** Who calls: typed ids, the verified token, its audience. */
package org.messengerp2p.kit.identity;
