package org.messengerp2p.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.messengerp2p.bench.load.Scale;

/**
 * The command line.
 *
 * @param rounds how often everything is measured; medians are judged
 * @param subjects systems, in the order in which each round takes them
 * @param application the {@code quarkus-app} directory of mailbox-service
 * @param directory in which each run makes one of its own, for logs and raw results
 * @param report raw results of an earlier run: nothing is measured, its table is printed
 */
record Options(
        int rounds, List<Subject> subjects, Path application, Path directory, Scale scale, Optional<Path> report) {

    private static final int USUAL_ROUNDS = 3;

    static Options parse(String... arguments) {
        Options options = new Options(
                USUAL_ROUNDS,
                List.of(Subject.values()),
                Path.of("mailbox-service/target/quarkus-app"),
                Path.of("bench/target/bench"),
                Scale.FULL,
                Optional.empty());
        for (String argument : arguments) {
            options = options.with(argument);
        }
        return options;
    }

    private Options with(String argument) {
        int equals = argument.indexOf('=');
        String name = equals < 0 ? argument : argument.substring(0, equals);
        String value = argument.substring(equals + 1);
        return switch (name) {
            case "--rounds" -> new Options(Integer.parseInt(value), subjects, application, directory, scale, report);
            case "--systems" -> new Options(rounds, systems(value), application, directory, scale, report);
            case "--application" -> new Options(rounds, subjects, Path.of(value), directory, scale, report);
            case "--directory" -> new Options(rounds, subjects, application, Path.of(value), scale, report);
            case "--tiny" -> new Options(rounds, subjects, application, directory, Scale.TINY, report);
            case "--report" ->
                new Options(rounds, subjects, application, directory, scale, Optional.of(Path.of(value)));
            default -> throw new IllegalArgumentException("there is no option " + name);
        };
    }

    private static List<Subject> systems(String names) {
        return Arrays.stream(names.split(",")).map(Subject::named).toList();
    }
}
