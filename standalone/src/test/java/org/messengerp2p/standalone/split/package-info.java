/** The three services as processes of their own. */
package org.messengerp2p.standalone.split;
