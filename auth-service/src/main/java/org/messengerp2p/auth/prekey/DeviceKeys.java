package org.messengerp2p.auth.prekey;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.messengerp2p.kit.identity.DeviceId;

/**
 * Records of one device.
 *
 * @param opk null where none is left, or none for this requester
 * @param pq a one-time ML-KEM key, else the last-resort one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeviceKeys(DeviceId deviceId, byte[] spk, byte[] opk, byte[] pq) {}
