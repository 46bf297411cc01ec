/** The protocol's bytes as this service reads them: records, hashes, signatures (MP2P/1 §1). */
package org.messengerp2p.auth.wire;
