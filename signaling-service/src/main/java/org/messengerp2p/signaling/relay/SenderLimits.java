package org.messengerp2p.signaling.relay;

import org.messengerp2p.kit.limit.Limit;
import org.messengerp2p.signaling.SignalingSettings.Limits;

/** What {@link SenderRates} hold each connection to; all of them share it. */
public record SenderLimits(
        Limit relay, Limit relayByAddressee, Limit taken, int mostFramesElsewhere, long mostBytesElsewhere) {

    public static SenderLimits of(Limits limits) {
        return new SenderLimits(
                perSecond(limits.relayPerSecond()),
                perSecond(limits.relayPerPairPerSecond()),
                perSecond(limits.takenPerSecond()),
                limits.framesElsewhere(),
                limits.bytesElsewhere().asLongValue());
    }

    private static Limit perSecond(int tokens) {
        return Limit.perSecond(tokens, tokens);
    }
}
