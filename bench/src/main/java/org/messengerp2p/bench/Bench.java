package org.messengerp2p.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.messengerp2p.bench.database.BenchPostgres;
import org.messengerp2p.bench.report.Report;
import org.messengerp2p.bench.report.Results;

/** {@code messenger bench}: measures every system in turn, round by round, and prints one table. */
public final class Bench {

    /** No round takes longer; whatever hangs does not hang for ever. */
    private static final int MINUTES_A_ROUND = 50;

    private final Options options;
    private final Path directory;
    private final Results results;

    Bench(Options options) throws IOException {
        this.options = options;
        this.directory = Files.createTempDirectory(Files.createDirectories(options.directory()), "run-")
                .toAbsolutePath();
        this.results = new Results(directory.resolve("results.jsonl"));
    }

    public static void main(String[] arguments) throws Exception {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println("bench: " + wrong.getMessage());
            System.exit(2);
            return;
        }
        endAfter(options.rounds() * MINUTES_A_ROUND);
        Results results =
                options.report().isPresent() ? new Results(options.report().get()) : new Bench(options).run();
        System.out.println(Report.of(results.read()).markdown());
        System.exit(results.haveFailures() ? 1 : 0);
    }

    Results run() throws IOException, InterruptedException {
        System.err.println("bench: logs and raw results in " + directory);
        try (BenchPostgres postgres = BenchPostgres.start(directory.resolve("postgres"))) {
            for (int round = 1; round <= options.rounds(); round++) {
                for (Subject subject : installed()) {
                    attempt(postgres, round, subject.title(), subject.option(), subject::measure);
                }
                for (Figure figure : figures()) {
                    attempt(postgres, round, figure.title(), figure.option(), figure::measure);
                }
            }
        }
        return results;
    }

    /** What fails is told in the results, and does not end a run of an hour. */
    private void attempt(BenchPostgres postgres, int round, String title, String name, Measurement measurement)
            throws IOException, InterruptedException {
        System.err.println("bench: round " + round + ", " + title);
        Path own = Files.createDirectories(directory.resolve(round + "-" + name));
        try {
            results.add(title, round, measurement.in(new Setting(postgres, own, options.builds(), options.scale())));
        } catch (InterruptedException over) {
            throw over;
        } catch (Exception failure) {
            failure.printStackTrace();
            results.addFailure(title, round, failure);
        }
    }

    private List<Subject> installed() {
        return options.subjects().stream().filter(Subject::isInstalled).toList();
    }

    private List<Figure> figures() {
        return options.figures().stream().filter(Figure::isInstalled).toList();
    }

    private static void endAfter(int minutes) {
        Thread limit = new Thread(() -> {
            try {
                TimeUnit.MINUTES.sleep(minutes);
            } catch (InterruptedException over) {
                return;
            }
            System.err.println("bench: not done after " + minutes + " minutes");
            System.exit(3);
        });
        limit.setDaemon(true);
        limit.start();
    }

    /** Figures by name. */
    private interface Measurement {
        Map<String, Double> in(Setting setting) throws Exception;
    }
}
