package org.messengerp2p.mailbox.crash;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A history as it is written: gzip of JSON, one {@link HistoryEvent} a line. */
final class History implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final long start = System.nanoTime();
    private final SequenceWriter lines;
    private long requests;

    History(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            lines = JSON.writerFor(HistoryEvent.class)
                    .withRootValueSeparator("\n")
                    .writeValues(new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(file))));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** @param event made from the present time, so that times never fall from line to line */
    synchronized void add(LongFunction<HistoryEvent> event) {
        try {
            lines.write(event.apply((System.nanoTime() - start) / 1_000_000));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    synchronized long nextRequest() {
        return ++requests;
    }

    @Override
    public synchronized void close() {
        try {
            lines.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static void read(Path file, Consumer<HistoryEvent> reader) {
        try (InputStream bytes = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file)));
                MappingIterator<HistoryEvent> events =
                        JSON.readerFor(HistoryEvent.class).readValues(bytes)) {
            while (events.hasNextValue()) {
                reader.accept(events.nextValue());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
