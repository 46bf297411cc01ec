package org.messengerp2p.bench.report;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** A file with one JSON object a line: a system, a round, and its figures by name. */
public final class Results {

    static final String FAILED = "failed";

    private final Path file;

    public Results(Path file) {
        this.file = file;
    }

    /** A figure that is not a number was not measured, and is left out. */
    public void add(String system, int round, Map<String, Double> figures) {
        JsonObject line = line(system, round);
        figures.forEach((name, figure) -> {
            if (!Double.isNaN(figure)) {
                line.put(name, Math.round(figure * 1000) / 1000.0);
            }
        });
        append(line);
    }

    public void addFailure(String system, int round, Exception failure) {
        append(line(system, round).put(FAILED, String.valueOf(failure.getMessage())));
    }

    public boolean haveFailures() {
        return read().stream().anyMatch(line -> line.containsKey(FAILED));
    }

    public List<JsonObject> read() {
        try {
            return Files.readAllLines(file).stream().map(JsonObject::new).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static JsonObject line(String system, int round) {
        return new JsonObject().put("system", system).put("round", round);
    }

    private void append(JsonObject line) {
        try {
            Files.writeString(file, line.encode() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
