package org.messengerp2p.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A real server for the device bus, always on the same port: by default the binary that embedded-redis brings, which
 * speaks the same protocol; a container of Valkey with the system property {@code test.containers}.
 */
public interface ValkeyServer extends AutoCloseable {

    /** Not started yet, so that a test can begin without it. */
    static ValkeyServer make() {
        return Boolean.getBoolean("test.containers")
                ? new ValkeyContainer(FreePort.find())
                : new ValkeyProcess(FreePort.find());
    }

    static ValkeyServer started() {
        ValkeyServer server = make();
        server.start();
        return server;
    }

    int port();

    /** Starts it, or starts it again with nothing in it, and waits until it answers. */
    void start();

    /** Ends it as SIGKILL does. */
    void kill();

    /** It keeps its connections and says nothing any more. */
    void freeze();

    void thaw();

    @Override
    void close();

    default String url() {
        return "redis://127.0.0.1:" + port();
    }

    /** Waits for the answer to a PING. */
    static void awaitAnswer(int port) {
        long until = System.nanoTime() + 30_000_000_000L;
        while (!answers(port)) {
            if (System.nanoTime() > until) {
                throw new AssertionError("the server of the bus does not answer");
            }
            pause();
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII).equals("+PONG");
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }
}
