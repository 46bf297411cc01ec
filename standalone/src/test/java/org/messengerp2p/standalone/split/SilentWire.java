package org.messengerp2p.standalone.split;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The network before a port of this machine, which can fall silent in one direction or both: what is sent stays on the
 * way, as with packets that are dropped and sent again, and no end is told. What waits comes when it is mended.
 */
final class SilentWire implements AutoCloseable {

    /** What does not come through. */
    enum Silence {
        NONE,
        REQUESTS,
        ANSWERS,
        BOTH
    }

    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ServerSocket front;
    private final int port;
    private Silence silence = Silence.NONE;

    /** @param port what is behind it */
    SilentWire(int port) {
        this.port = port;
        try {
            front = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        daemon(this::accept);
    }

    int port() {
        return front.getLocalPort();
    }

    synchronized void be(Silence now) {
        silence = now;
        notifyAll();
    }

    /** Connections to it that have not ended. */
    int connections() {
        return open.size();
    }

    @Override
    public void close() {
        be(Silence.NONE);
        close(front);
        open.forEach(SilentWire::close);
    }

    private void accept() {
        try {
            while (true) {
                Socket caller = front.accept();
                daemon(() -> carry(caller));
            }
        } catch (IOException closed) {
            // or there is no room for another connection, which a test must not take for a silence
            close(front);
        }
    }

    private void carry(Socket caller) {
        open.add(caller);
        try (caller;
                Socket callee = new Socket(InetAddress.getLoopbackAddress(), port)) {
            Thread answers = daemon(() -> pump(callee, caller, Silence.ANSWERS));
            pump(caller, callee, Silence.REQUESTS);
            answers.join();
        } catch (IOException | InterruptedException nobodyThere) {
            // the caller learns it by the end of its connection
        } finally {
            open.remove(caller);
        }
    }

    private void pump(Socket from, Socket to, Silence held) {
        byte[] buffer = new byte[16 * 1024];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                awaitSound(held);
                out.write(buffer, 0, length);
            }
            awaitSound(held);
        } catch (IOException | InterruptedException ended) {
            // so have both ends
        }
    }

    private synchronized void awaitSound(Silence held) throws InterruptedException {
        while (silence == held || silence == Silence.BOTH) {
            wait();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "wire");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void close(AutoCloseable end) {
        try {
            end.close();
        } catch (Exception closedAlready) {
            // that was the aim
        }
    }
}
