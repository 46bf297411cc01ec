/** mailbox-service as it is packaged, called as its clients call it. */
package org.messengerp2p.bench.product;
