package org.messengerp2p.auth.login;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.login.Strangers.Question;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;

/**
 * How long what {@link Strangers} ask takes for accounts that exist and accounts that do not, in three runs; the medians
 * of two runs at least are no more than a millisecond apart. By command, with -Dsamples= for other than 2,000 a class
 * and -Dquestions= for those that match a regular expression:
 *
 * <pre>./mvnw -pl auth-service -am test -Dtest=EnumerationFigures -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
@QuarkusTest
class EnumerationFigures extends AuthServiceTest {
    private static final int SAMPLES = Integer.getInteger("samples", 2000);
    private static final Predicate<String> ASKED =
            Pattern.compile(System.getProperty("questions", "")).asPredicate();
    private static final int RUNS = 3;
    private static final int WARM_UP = 200;
    private static final int ACCOUNTS = 16;
    private static final double MOST_APART_MS = 1;

    private final Random random = new Random(6);

    @Test
    void takesAsLongForAnAccountThatIsNotThereAsForOneThatIs() {
        List<TestAccount> known = Stream.generate(() -> accounts.newcomer().account())
                .limit(ACCOUNTS)
                .toList();
        List<TestAccount> unknown =
                Stream.generate(TestAccount::anybody).limit(ACCOUNTS).toList();

        List<String> telling = new ArrayList<>();
        List<Question> questions = new ArrayList<>(new Strangers(rest, accounts).questions());
        questions.removeIf(question -> !ASKED.test(question.name()));
        for (Question question : questions) {
            measured(question, known, unknown, WARM_UP);
            int close = 0;
            for (int run = 1; run <= RUNS; run++) {
                double[] medians = measured(question, known, unknown, SAMPLES);
                double apart = medians[0] - medians[1];
                close += Math.abs(apart) <= MOST_APART_MS ? 1 : 0;
                System.out.printf(
                        "%-30s run %d: %8.3f ms known, %8.3f ms unknown, %+.3f ms apart%n",
                        question, run, medians[0], medians[1], apart);
            }
            if (close < 2) {
                telling.add(question.name());
            }
        }
        assertEquals(List.of(), telling, "tell by their time");
    }

    /** @return the medians in milliseconds: known, unknown */
    private double[] measured(Question question, List<TestAccount> known, List<TestAccount> unknown, int samples) {
        double[][] times = new double[2][samples];
        for (int i = 0; i < samples; i++) {
            int first = random.nextInt(2);
            for (int which : new int[] {first, 1 - first}) {
                TestAccount account = (which == 0 ? known : unknown).get(i % ACCOUNTS);
                Supplier<Answer> asked = question.prepared().apply(account);
                long began = System.nanoTime();
                asked.get();
                times[which][i] = (System.nanoTime() - began) / 1e6;
            }
        }
        return new double[] {median(times[0]), median(times[1])};
    }

    private static double median(double[] times) {
        Arrays.sort(times);
        return (times[(times.length - 1) / 2] + times[times.length / 2]) / 2;
    }
}
