package org.messengerp2p.auth.prekey;

import java.util.List;

/** The ids of what would be handed out now; a lasting key that is missing is null. */
record PrekeyDigest(Long spkId, Long pqlId, List<Long> opkIds, List<Long> pqoIds) {}
