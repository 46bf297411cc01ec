package org.messengerp2p.bench.report;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.messengerp2p.bench.load.Cost;
import org.messengerp2p.bench.load.MailboxRun;

/** A file with one JSON object a line: a system, a round, and its figures by name. */
public final class Results {

    private final Path file;

    public Results(Path file) {
        this.file = file;
    }

    public void add(String system, int round, MailboxRun.Result result) {
        JsonObject line = new JsonObject().put("system", system).put("round", round);
        put(line, "rate", result.rate());
        put(line, "rate_p50_ms", result.rateP50());
        put(line, "rate_p99_ms", result.rateP99());
        put(line, "full", result.full());
        put(line, "full_p50_ms", result.fullP50());
        put(line, "full_p99_ms", result.fullP99());
        put(line, "drain", result.drain());
        append(line);
    }

    public void add(String figure, int round, Map<String, Double> values) {
        JsonObject line = new JsonObject().put("system", figure).put("round", round);
        values.forEach((name, value) -> put(line, name, value));
        append(line);
    }

    public List<JsonObject> read() {
        try {
            return Files.readAllLines(file).stream().map(JsonObject::new).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void append(JsonObject line) {
        try {
            Files.writeString(file, line.encode() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void put(JsonObject line, String phase, Cost cost) {
        put(line, phase + "_us", cost.total());
        put(line, phase + "_service_us", cost.service());
        put(line, phase + "_database_us", cost.database());
        put(line, phase + "_per_s", cost.perSecond());
        put(line, phase + "_other_cores", cost.otherCores());
    }

    /** What was not measured is not there. */
    private static void put(JsonObject line, String name, double figure) {
        if (!Double.isNaN(figure)) {
            line.put(name, Math.round(figure * 1000) / 1000.0);
        }
    }
}
