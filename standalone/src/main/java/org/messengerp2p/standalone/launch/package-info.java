/** From the command line to a running application and back. */
package org.messengerp2p.standalone.launch;
