/** Rates as data, and the buckets that keep them. */
package org.messengerp2p.kit.limit;
