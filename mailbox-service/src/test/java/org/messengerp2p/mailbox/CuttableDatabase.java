package org.messengerp2p.mailbox;

import com.sun.net.httpserver.HttpServer;
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
 * PostgreSQL behind a wire that a test can cut, silence and mend. Test and resource may live under different class
 * loaders, so the switch is an HTTP server: {@code POST /cut}, {@code /silence}, {@code /mend}.
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
        Socket server = new Socket(database.getHost(), database.getPort());
        open.add(server);
        daemon(() -> pump(client, server));
        daemon(() -> pump(server, client));
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[16 * 1024];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                awaitSound();
                out.write(buffer, 0, length);
            }
        } catch (IOException | InterruptedException cut) {
            // both ends are closed now
        } finally {
            open.remove(from);
            open.remove(to);
        }
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
