package org.messengerp2p.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.messengerp2p.bench.load.Scale;

/**
 * The command line.
 *
 * @param rounds how often everything is measured; medians are judged
 * @param subjects systems, in the order in which each round takes them
 * @param figures what is measured beside them
 * @param builds of this product's services
 * @param directory in which each run makes one of its own, for logs and raw results
 * @param report raw results of an earlier run: nothing is measured, its table is printed
 */
record Options(
        int rounds,
        List<Subject> subjects,
        List<Figure> figures,
        Builds builds,
        Path directory,
        Scale scale,
        Optional<Path> report) {

    private static final int USUAL_ROUNDS = 3;
    private static final String NONE = "none";

    static Options parse(String... arguments) {
        Options options = new Options(
                USUAL_ROUNDS,
                List.of(Subject.values()),
                List.of(Figure.values()),
                Builds.of(Path.of("")),
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
            case "--rounds" -> withRounds(Integer.parseInt(value));
            case "--systems" -> withSubjects(listed(value, Subject::named));
            case "--figures" -> withFigures(listed(value, each -> Stream.of(Figure.named(each))));
            case "--checkout" -> withBuilds(Builds.of(Path.of(value)));
            case "--application" -> withBuilds(builds.withMailbox(Path.of(value)));
            case "--signaling" -> withBuilds(builds.withSignaling(Path.of(value)));
            case "--directory" -> withDirectory(Path.of(value));
            case "--tiny" -> withScale(Scale.TINY);
            case "--report" -> withReport(Path.of(value));
            default -> throw new IllegalArgumentException("there is no option " + name);
        };
    }

    private static <T> List<T> listed(String names, Function<String, Stream<T>> named) {
        return names.equals(NONE)
                ? List.of()
                : Arrays.stream(names.split(",")).flatMap(named).toList();
    }

    private Options withRounds(int value) {
        return new Options(value, subjects, figures, builds, directory, scale, report);
    }

    private Options withSubjects(List<Subject> value) {
        return new Options(rounds, value, figures, builds, directory, scale, report);
    }

    private Options withFigures(List<Figure> value) {
        return new Options(rounds, subjects, value, builds, directory, scale, report);
    }

    private Options withBuilds(Builds value) {
        return new Options(rounds, subjects, figures, value, directory, scale, report);
    }

    private Options withDirectory(Path value) {
        return new Options(rounds, subjects, figures, builds, value, scale, report);
    }

    private Options withScale(Scale value) {
        return new Options(rounds, subjects, figures, builds, directory, value, report);
    }

    private Options withReport(Path value) {
        return new Options(rounds, subjects, figures, builds, directory, scale, Optional.of(value));
    }
}
