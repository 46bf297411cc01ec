/** The TLS gateway of the product before what is measured. */
package org.messengerp2p.bench.gateway;
