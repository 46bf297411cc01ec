package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.signaling.PackagedService;
import org.messengerp2p.testkit.SocketProbe;
import org.messengerp2p.testkit.TestTokens;

@Timeout(180)
class DrainIT {

    private static final int TERMINATED = 128 + 15;
    private static final int CLIENTS = 500;

    /** Both in seconds; the window is a third of the spread, as by default. */
    private static final int WINDOW = 2;

    private static final int SPREAD = 6;
    private static final Map<String, String> SETTINGS = Map.of(
            "mp2p.signaling.reconnect-window",
            "PT" + SPREAD + "S",
            "mp2p.signaling.drain.window",
            "PT" + WINDOW + "S",
            "mp2p.signaling.limits.sockets-by-address",
            "2000",
            "mp2p.signaling.limits.handshakes-by-address",
            "100000/PT1M");

    private final Random random = new Random(8);

    @Test
    void aServiceThatStopsTellsItsDeviceWhenToComeBackAndEndsAtOnce() throws IOException, InterruptedException {
        try (PackagedService service = new PackagedService("96m", Map.of("mp2p.signaling.reconnect-window", "PT20S"));
                SocketProbe socket = SocketProbe.open(service.ws(), token(1))) {
            socket.next("presence");

            service.terminate();

            assertEquals(new SocketProbe.Closed(1012, "20"), socket.end());
            assertEquals(TERMINATED, service.exitCode());
        }
    }

    @Test
    void isNotReadyAndLetsNobodyInWhileItEndsItsSockets() throws Exception {
        Map<String, String> slow = new HashMap<>(SETTINGS);
        slow.put("mp2p.signaling.drain.window", "PT10S");
        try (PackagedService service = new PackagedService("96m", slow);
                SocketProbe one = SocketProbe.open(service.ws(), token(1));
                SocketProbe other = SocketProbe.open(service.ws(), token(2))) {
            one.next("presence");
            other.next("presence");
            assertEquals(200, service.readiness());

            service.terminate();
            List<SocketProbe> open = new ArrayList<>(List.of(one, other));
            SocketProbe left = awaitFirstEnd(open);

            assertEquals(503, service.readiness());
            RawSocket.Refusal refusal = RawSocket.refusal(service.ws(), token(3), SocketProbe.originOf(service.ws()));
            assertEquals("HTTP/1.1 503 Service Unavailable", refusal.status());
            assertTrue(Integer.parseInt(refusal.headers().get("retry-after")) > 0);
            assertEquals("urn:mp2p:problem:unavailable", new JsonObject(refusal.body()).getString("type"));
            assertEquals(1012, left.end().code());
            assertEquals(TERMINATED, service.exitCode());
        }
    }

    /** Some answer the close frame, some never do, and some cut the connection while it stops. */
    @Test
    void endsWithoutAnErrorHoweverItsSocketsEnd() throws Exception {
        Map<String, String> hasty = new HashMap<>(SETTINGS);
        hasty.put("mp2p.signaling.drain.window", "PT0S");
        hasty.put("mp2p.signaling.close-grace", "PT0.2S");
        try (PackagedService service = new PackagedService("96m", hasty)) {
            List<SocketProbe> answering = new ArrayList<>();
            List<RawSocket> silent = new ArrayList<>();
            List<RawSocket> cutting = new ArrayList<>();
            try {
                for (int client = 0; client < 50; client++) {
                    answering.add(SocketProbe.open(service.ws(), token(3 * client + 1)));
                    silent.add(RawSocket.open(service.ws(), token(3 * client + 2)));
                    cutting.add(RawSocket.open(service.ws(), token(3 * client + 3)));
                }
                for (SocketProbe socket : answering) {
                    socket.next("presence");
                }

                service.terminate();
                for (RawSocket socket : cutting) {
                    socket.close();
                }

                assertEquals(TERMINATED, service.exitCode());
                String log = service.log();
                assertTrue(log.contains("stopped in"), log);
                assertFalse(log.contains("ERROR") || log.contains("Exception") || log.contains("\tat "), log);
            } finally {
                answering.forEach(SocketProbe::close);
                for (RawSocket socket : silent) {
                    socket.close();
                }
                for (RawSocket socket : cutting) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void devicesComeBackAtNoMoreThanTwiceTheMeanRate() throws Exception {
        try (PackagedService stopping = new PackagedService("96m", SETTINGS);
                PackagedService next = new PackagedService("96m", SETTINGS)) {
            ExecutorService waiting = Executors.newCachedThreadPool();
            ScheduledExecutorService returning = Executors.newScheduledThreadPool(4);
            List<SocketProbe> before = new ArrayList<>();
            try {
                for (int client = 1; client <= CLIENTS; client++) {
                    SocketProbe socket = SocketProbe.open(stopping.ws(), token(client));
                    socket.next("hello");
                    before.add(socket);
                }
                stopping.terminate();
                List<Future<Return>> ends = new ArrayList<>();
                for (SocketProbe socket : before) {
                    double part = random.nextDouble();
                    ends.add(waiting.submit(() -> Return.asTold(socket.end(), part)));
                }
                List<Future<SocketProbe>> back = new ArrayList<>();
                List<Long> times = new ArrayList<>();
                for (int client = 1; client <= CLIENTS; client++) {
                    Return told = ends.get(client - 1).get();
                    times.add(told.nanoTime());
                    String token = token(client);
                    back.add(returning.schedule(
                            () -> SocketProbe.open(next.ws(), token),
                            told.nanoTime() - System.nanoTime(),
                            TimeUnit.NANOSECONDS));
                }

                assertEquals(TERMINATED, stopping.exitCode());
                for (Future<SocketProbe> socket : back) {
                    try (SocketProbe open = socket.get()) {
                        open.next("hello");
                    }
                }
                assertSpread(times);
            } finally {
                returning.shutdownNow();
                waiting.shutdownNow();
                before.forEach(SocketProbe::close);
            }
        }
    }

    /** When a device comes back: after a random part of the seconds that it was told. */
    private record Return(long nanoTime) {

        private static Return asTold(SocketProbe.Closed end, double part) {
            assertEquals(new SocketProbe.Closed(1012, String.valueOf(SPREAD)), end);
            return new Return(System.nanoTime() + (long) (part * TimeUnit.SECONDS.toNanos(SPREAD)));
        }
    }

    private static void assertSpread(List<Long> times) {
        long first = times.stream().mapToLong(Long::longValue).min().orElseThrow();
        int[] bySecond = new int[60];
        for (long time : times) {
            bySecond[(int) TimeUnit.NANOSECONDS.toSeconds(time - first)]++;
        }
        int seconds = 60;
        while (bySecond[seconds - 1] == 0) {
            seconds--;
        }
        int peak = Arrays.stream(bySecond).max().orElseThrow();
        // Whoever is late on a busy machine makes the others no fewer.
        double mean = (double) times.size() / Math.min(seconds, SPREAD + WINDOW);
        assertTrue(seconds > SPREAD, "over " + seconds + " s");
        assertTrue(peak <= 2 * mean, "peak " + peak + ", mean " + mean);
    }

    private static SocketProbe awaitFirstEnd(List<SocketProbe> open) throws InterruptedException {
        while (true) {
            for (SocketProbe socket : open) {
                if (socket.poll() instanceof SocketProbe.Closed closed) {
                    assertEquals(1012, closed.code());
                    open.remove(socket);
                    return open.get(0);
                }
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static String token(int device) {
        return TestTokens.access(
                new Device(
                        new AccountId(UUID.nameUUIDFromBytes(new byte[] {(byte) (device >> 8), (byte) device})),
                        new DeviceId(device)),
                Audience.SIGNALING);
    }
}
