/** The certificate by which this process is reached over TLS. */
package org.messengerp2p.standalone.tls;
