package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.websockets.next.OpenConnections;
import io.quarkus.websockets.next.WebSocketConnection;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.SocketProbe;

/** What is left of a handshake while its socket is open. */
@QuarkusTest
class OpenSocketTest extends LiveSocketTest {

    private static final int SOCKETS = 20;

    /** What the request of a handshake is made of, and the queue that Quarkus would give each socket. */
    private static final List<String> NOT_KEPT = List.of(
            "io.vertx.ext.web.impl.RoutingContextImpl",
            "io.vertx.core.http.impl.Http1xServerRequest",
            "io.vertx.core.http.impl.Http1xServerResponse",
            "io.quarkus.websockets.next.runtime.ConcurrencyLimiter",
            "io.netty.handler.timeout.IdleStateHandler");

    @Inject
    OpenConnections open;

    @Test
    void keepsNeitherTheTokenNorAnyHeaderBesideThoseOfTheUpgrade() throws Exception {
        Device alice = newDevice();
        String token = token(alice);
        try (SocketProbe socket = SocketProbe.open(ws(), token)) {
            socket.next("hello");
            WebSocketConnection connection = open.stream()
                    .filter(one -> one.userData()
                            .get(Session.KEY)
                            .connection()
                            .device()
                            .equals(alice))
                    .findFirst()
                    .orElseThrow();

            assertEquals(
                    Set.of(
                            "host",
                            "connection",
                            "upgrade",
                            "sec-websocket-key",
                            "sec-websocket-version",
                            "sec-websocket-protocol"),
                    connection.handshakeRequest().headers().keySet());
            assertTrue(connection.handshakeRequest().headers().values().stream()
                    .flatMap(List::stream)
                    .noneMatch(value -> value.contains(token)));
        }
    }

    @Test
    void keepsNoRequest() throws Exception {
        List<SocketProbe> sockets = new ArrayList<>();
        String before = liveObjects();
        try {
            for (int i = 0; i < SOCKETS; i++) {
                SocketProbe socket = SocketProbe.open(ws(), token(newDevice()));
                sockets.add(socket);
                socket.next("hello");
            }
            String histogram = liveObjects();
            for (String type : NOT_KEPT) {
                // One at most is that of a call that goes on beside.
                assertTrue(count(type, histogram) <= count(type, before) + 1, type);
            }
            String socket = "io.vertx.core.http.impl.ServerWebSocketImpl";
            assertTrue(count(socket, histogram) >= SOCKETS);
        } finally {
            sockets.forEach(SocketProbe::close);
        }
    }

    private static long count(String type, String histogram) {
        return histogram
                .lines()
                .map(line -> line.trim().split("\\s+"))
                .filter(row -> row.length >= 4 && row[3].equals(type))
                .mapToLong(row -> Long.parseLong(row[1]))
                .findFirst()
                .orElse(0);
    }

    private static String liveObjects() throws JMException {
        return (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[] {}},
                        new String[] {String[].class.getName()});
    }
}
