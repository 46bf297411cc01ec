package org.messengerp2p.signaling.socket;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Future;
import org.messengerp2p.signaling.connection.CloseCode;
import org.messengerp2p.signaling.connection.DeviceConnection;
import org.messengerp2p.signaling.connection.ServerMessage;

/**
 * The clock of one connection's token: asks for a new one in time, and ends the connection with the token. Used on
 * the connection's event loop alone.
 */
final class TokenLife {

    private final DeviceConnection connection;
    private final Clock clock;
    private final Duration notice;
    private Future<?> timer;

    TokenLife(DeviceConnection connection, Clock clock, Duration notice) {
        this.connection = connection;
        this.clock = clock;
        this.notice = notice;
    }

    /** Counts from now on for a token that ends then, and for no earlier one. */
    void begin(Instant end) {
        stop();
        timer = connection.schedule(() -> askForToken(end), millisTo(end) - notice.toMillis());
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void askForToken(Instant end) {
        timer = connection.schedule(() -> connection.close(CloseCode.UNAUTHORIZED), millisTo(end));
        connection.send(new ServerMessage.Reauth(end.toEpochMilli()));
    }

    private long millisTo(Instant end) {
        return clock.instant().until(end, ChronoUnit.MILLIS);
    }
}
