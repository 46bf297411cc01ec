package org.messengerp2p.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.messengerp2p.bench.database.BenchPostgres;
import org.messengerp2p.bench.load.Candidate;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.load.MailboxRun;
import org.messengerp2p.bench.report.Report;
import org.messengerp2p.bench.report.Results;

/** {@code messenger bench}: measures every system in turn, round by round, and prints one table. */
public final class Bench {

    /** No round takes longer; whatever hangs does not hang for ever. */
    private static final int MINUTES_A_ROUND = 20;

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
        System.exit(0);
    }

    Results run() throws Exception {
        System.err.println("bench: logs and raw results in " + directory);
        try (BenchPostgres postgres = BenchPostgres.start(directory.resolve("postgres"))) {
            for (int round = 1; round <= options.rounds(); round++) {
                for (Subject subject : installed()) {
                    measure(setting(postgres, round, subject.option()), subject, round);
                }
                for (Figure figure : options.figures()) {
                    System.err.println("bench: round " + round + ", " + figure.title());
                    Setting setting = setting(postgres, round, figure.option());
                    results.add(figure.title(), round, figure.measure(setting, options.scale()));
                }
            }
        }
        return results;
    }

    private List<Subject> installed() {
        return options.subjects().stream().filter(Subject::isInstalled).toList();
    }

    private Setting setting(BenchPostgres postgres, int round, String name) throws IOException {
        Path own = Files.createDirectories(directory.resolve(round + "-" + name));
        return new Setting(postgres, own, options.application());
    }

    private void measure(Setting setting, Subject subject, int round) throws Exception {
        System.err.println("bench: round " + round + ", " + subject.title());
        try (Candidate candidate = subject.start(setting);
                Generator generator = new Generator()) {
            MailboxRun run =
                    new MailboxRun(generator, candidate, setting.postgres().pid(), options.scale());
            results.add(subject.title(), round, run.run());
        }
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
}
