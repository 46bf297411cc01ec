package org.messengerp2p.auth;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** All that is logged while it is open, with every stack trace: of our own code at any level, of others from INFO on. */
final class LogWatch implements AutoCloseable {
    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger OURS = Logger.getLogger("org.messengerp2p");

    /** What the test's database writes is its own log, and not the service's. */
    private static final String DATABASE = "io.zonky.";

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Level before = OURS.getLevel();
    private final Handler handler = new Handler() {
        private final Formatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord record) {
            if (!record.getLoggerName().startsWith(DATABASE)) {
                lines.add(record.getLoggerName() + " " + formatter.formatMessage(record) + trace(record.getThrown()));
            }
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    LogWatch() {
        handler.setLevel(Level.ALL);
        OURS.setLevel(Level.ALL);
        ROOT.addHandler(handler);
    }

    List<String> lines() {
        return lines;
    }

    @Override
    public void close() {
        ROOT.removeHandler(handler);
        OURS.setLevel(before);
    }

    private static String trace(Throwable thrown) {
        if (thrown == null) {
            return "";
        }
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace, true));
        return "\n" + trace;
    }
}
