/** Refusals as RFC 9457 problem+json. */
package org.messengerp2p.kit.problem;
