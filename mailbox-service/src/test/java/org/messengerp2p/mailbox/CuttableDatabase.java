package org.messengerp2p.mailbox;

import com.sun.net.httpserver.HttpServer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.messengerp2p.testkit.PostgresResource;

/**
 * PostgreSQL behind a wire that a test can cut, silence and mend, or leave the open connections of half-open: then
 * nothing passes on these any more, and new ones work. Test and resource may live under different class loaders, so the
 * switch is an HTTP server: {@code POST /cut}, {@code /silence}, {@code /mend}, {@code /strand}.
 */
public class CuttableDatabase extends PostgresResource {

    static final String SWITCH = "test.database.switch";
    private static final String REACTIVE_URL = "quarkus.datasource.mailbox.reactive.url";

    private enum Wire {
        WHOLE,
        SILENT,
        CUT
    }

    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Socket> stranded = ConcurrentHashMap.newKeySet();
    private final Object changed = new Object();
    private Wire wire = Wire.WHOLE;
    private HttpServer control;
    private ServerSocket front;
    private URI database;

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new HashMap<>(super.start());
        database = URI.create(settings.get(REACTIVE_URL));
        try {
            front = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            control = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        onSwitch("/cut", Wire.CUT);
        onSwitch("/silence", Wire.SILENT);
        onSwitch("/mend", Wire.WHOLE);
        control.createContext("/strand", exchange -> {
            stranded.addAll(open);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        control.start();
        daemon(this::accept);
        settings.put(REACTIVE_URL, "postgresql://127.0.0.1:" + front.getLocalPort() + database.getPath());
        settings.put(SWITCH, "http://127.0.0.1:" + control.getAddress().getPort());
        return settings;
    }

    @Override
    public void stop() {
        close(front);
        control.stop(0);
        open.forEach(CuttableDatabase::close);
        super.stop();
    }

    private void onSwitch(String path, Wire to) {
        control.createContext(path, exchange -> {
            synchronized (changed) {
                wire = to;
                changed.notifyAll();
            }
            if (to == Wire.CUT) {
                open.forEach(CuttableDatabase::close);
            }
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
    }

    private void accept() {
        while (!front.isClosed()) {
            try {
                connect(front.accept());
            } catch (IOException closedOrRefused) {
                // the client sees it as well
            }
        }
    }

    private void connect(Socket client) throws IOException {
        open.add(client);
        synchronized (changed) {
            if (wire == Wire.CUT) {
                close(client);
                return;
            }
        }
        Socket server = connected(client);
        open.add(server);
        daemon(() -> pump(client, server));
        daemon(() -> pump(server, client));
    }

    /** Where there is no server the client must learn it, as it does without this wire. */
    private Socket connected(Socket client) throws IOException {
        try {
            return new Socket(database.getHost(), database.getPort());
        } catch (IOException away) {
            close(client);
            throw away;
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[16 * 1024];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                awaitSound();
                if (stranded.contains(from)) {
                    awaitTheEndOf(from);
                }
                out.write(buffer, 0, length);
            }
        } catch (IOException | InterruptedException cut) {
            // both ends are closed now
        } finally {
            open.remove(from);
            open.remove(to);
            stranded.remove(from);
            stranded.remove(to);
        }
    }

    /** Takes what comes and passes nothing on, nor the end of the other side. */
    private void awaitTheEndOf(Socket from) throws IOException {
        from.getInputStream().transferTo(OutputStream.nullOutputStream());
        throw new EOFException("the stranded side has given up");
    }

    private void awaitSound() throws InterruptedException {
        synchronized (changed) {
            while (wire == Wire.SILENT) {
                changed.wait();
            }
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "database wire");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(AutoCloseable end) {
        try {
            end.close();
        } catch (Exception closedAlready) {
            // that was the aim
        }
    }
}
