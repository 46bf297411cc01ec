package org.messengerp2p.signaling.socket;

import io.quarkus.websockets.next.UserData.TypedKey;
import java.time.Instant;
import org.messengerp2p.kit.limit.Limit;
import org.messengerp2p.kit.limit.TokenBucket;
import org.messengerp2p.signaling.SignalingSettings;
import org.messengerp2p.signaling.connection.DeviceConnection;
import org.messengerp2p.signaling.relay.SenderLimits;
import org.messengerp2p.signaling.relay.SenderRates;

/** What the edge keeps for one open socket; used on its event loop alone. */
final class Session {

    static final TypedKey<Session> KEY = new TypedKey<>("session");

    private final DeviceConnection connection;
    private final TokenLife tokenLife;
    private final InboundFlow flow;
    private final SenderRates rates;
    private final TokenBucket watches;
    private final TokenBucket reauths;

    /** What every session is held to. */
    record Limits(SenderLimits sender, Limit watches, Limit reauths) {

        static Limits of(SignalingSettings.Limits settings) {
            return new Limits(
                    SenderLimits.of(settings),
                    perMinute(settings.watchPerMinute()),
                    perMinute(settings.reauthPerMinute()));
        }

        private static Limit perMinute(int tokens) {
            return Limit.perMinute(tokens, tokens);
        }
    }

    Session(DeviceConnection connection, TokenLife tokenLife, InboundFlow flow, Limits limits) {
        long now = System.nanoTime();
        this.connection = connection;
        this.tokenLife = tokenLife;
        this.flow = flow;
        this.rates = new SenderRates(limits.sender());
        this.watches = new TokenBucket(limits.watches(), now);
        this.reauths = new TokenBucket(limits.reauths(), now);
    }

    DeviceConnection connection() {
        return connection;
    }

    SenderRates rates() {
        return rates;
    }

    void tokenEnds(Instant end) {
        tokenLife.begin(end);
    }

    /** One message of the peer is dealt with. */
    void handled() {
        flow.handled();
    }

    boolean watchPasses() {
        return watches.take(System.nanoTime()).isEmpty();
    }

    boolean reauthPasses() {
        return reauths.take(System.nanoTime()).isEmpty();
    }

    void end() {
        tokenLife.stop();
        connection.closed();
    }
}
