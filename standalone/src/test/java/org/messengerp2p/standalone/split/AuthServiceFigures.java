package org.messengerp2p.standalone.split;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messengerp2p.kit.secret.SecretFile;
import org.messengerp2p.standalone.data.DataDirectory;
import org.messengerp2p.standalone.postgres.EmbeddedPostgres;
import org.messengerp2p.standalone.postgres.ServiceDatabases;
import org.messengerp2p.testkit.AccountClient;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.FreePort;
import org.messengerp2p.testkit.RestClient;
import org.messengerp2p.testkit.TestAccount;

/**
 * What auth-service costs, alone, with its PostgreSQL and the callers on the same machine. No test: its name keeps it
 * out of the build. By
 * {@code ./mvnw -pl standalone -am verify -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false
 * -Dit.test=AuthServiceFigures -Dfailsafe.failIfNoSpecifiedTests=false}.
 */
class AuthServiceFigures {
    private static final int PARALLEL = 20;
    private static final int WARM_UP_LOGINS = 300;
    private static final int LOGINS = 1000;
    private static final int OPKS = 100;
    private static final int PQOS = 40;
    /** Stays above the stock at which requesters are rationed. */
    private static final int FETCHES_OF_ONE_DEVICE = 30;

    private static final int WARM_UP_TARGETS = 200;
    private static final int TARGETS = 60;

    @TempDir
    static Path folder;

    private static DataDirectory directory;
    private static EmbeddedPostgres postgres;
    private static ServiceProcess service;
    private static RestClient rest;
    private static AccountClient accounts;

    @BeforeAll
    static void start() throws Exception {
        directory = DataDirectory.open(folder.resolve("data"));
        postgres = EmbeddedPostgres.start(directory);
        Map<String, String> settings = settings();
        // The first start migrates the database; the second is the one that an operator sees.
        started(settings).close();
        long began = System.nanoTime();
        service = started(settings);
        print("JDK %s; start to ready %.1f s, resident then %d MiB", Runtime.version(), seconds(began), resident());
        rest = new RestClient(service.root());
        accounts = new AccountClient(rest, "localhost");
    }

    @AfterAll
    static void stop() throws Exception {
        print("resident at the end %d MiB", resident());
        service.close();
        postgres.close();
        directory.close();
    }

    @Test
    void signsInByPassword() throws Exception {
        TestAccount account = accounts.newcomer().account();
        Callable<Integer> login =
                () -> accounts.login(account.username(), account.authSecret()).status();

        measured(repeated(login, WARM_UP_LOGINS), 200);
        measured(repeated(login, LOGINS), 200).print("login by password");
    }

    @Test
    void handsOutBundles() throws Exception {
        SignedIn requester = accounts.newcomer();

        measured(fetches(requester, WARM_UP_TARGETS), 200);
        measured(fetches(requester, TARGETS), 200).print("bundle of one device, with one-time keys");
    }

    /** @param cpu of the service, of PostgreSQL */
    private record Figures(List<Duration> times, Duration lasted, Duration cpu, Duration databaseCpu) {
        void print(String what) {
            long[] sorted = times.stream().mapToLong(Duration::toNanos).sorted().toArray();
            AuthServiceFigures.print(
                    "%s, %d at a time: %.0f a second, p50 %.1f ms, p99 %.1f ms; CPU each %.2f ms, PostgreSQL %.2f ms",
                    what,
                    PARALLEL,
                    sorted.length / (lasted.toNanos() / 1e9),
                    sorted[sorted.length / 2] / 1e6,
                    sorted[sorted.length * 99 / 100] / 1e6,
                    cpu.toNanos() / 1e6 / sorted.length,
                    databaseCpu.toNanos() / 1e6 / sorted.length);
        }
    }

    private static Figures measured(List<Callable<Integer>> calls, int status) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(PARALLEL);
        try {
            Duration cpu = cpu(Stream.of(service.handle()));
            Duration databaseCpu = cpu(database());
            long began = System.nanoTime();
            List<Future<Duration>> running = new ArrayList<>();
            for (Callable<Integer> call : calls) {
                running.add(callers.submit(() -> timed(call, status)));
            }
            List<Duration> times = new ArrayList<>();
            for (Future<Duration> one : running) {
                times.add(one.get());
            }
            return new Figures(
                    times,
                    Duration.ofNanos(System.nanoTime() - began),
                    cpu(Stream.of(service.handle())).minus(cpu),
                    cpu(database()).minus(databaseCpu));
        } finally {
            callers.shutdownNow();
        }
    }

    private static Duration timed(Callable<Integer> call, int status) throws Exception {
        long began = System.nanoTime();
        assertEquals(status, call.call());
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static List<Callable<Integer>> repeated(Callable<Integer> call, int times) {
        return Stream.generate(() -> call).limit(times).toList();
    }

    private static List<Callable<Integer>> fetches(SignedIn requester, int targets) {
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < targets; i++) {
            TestAccount target = TestAccount.anybody();
            accounts.register(target, target.device().prekeys(OPKS, PQOS));
            paths.add("/api/keys/v1/accounts/" + target.id().base64url() + "/bundle");
        }
        return LongStream.range(0, (long) targets * FETCHES_OF_ONE_DEVICE)
                .mapToObj(i -> paths.get((int) (i % targets)))
                .<Callable<Integer>>map(
                        path -> () -> rest.get(path, requester.tokens().auth()).status())
                .toList();
    }

    private static Map<String, String> settings() throws IOException {
        Map<String, String> settings = ServiceDatabases.provide(postgres, directory.secrets());
        settings.keySet().removeIf(key -> !key.startsWith("quarkus.datasource.auth."));
        settings.put(
                "mp2p.auth.secrets.directory", folder.resolve("auth-secrets").toString());
        settings.put(
                "mp2p.internal.secret-file",
                SecretFile.at(directory.secrets().resolve("internal")).path().toString());
        settings.put("mp2p.internal.port", Integer.toString(FreePort.find()));
        for (String limit : List.of(
                "registrations-by-address",
                "parameters-by-address",
                "passwords-by-name",
                "passwords-by-address",
                "bundles-by-pair",
                "bundles-by-requester")) {
            settings.put("mp2p.auth.limits.\"" + limit + "\"", "1000000/PT1S/1000000");
        }
        return settings;
    }

    private static ServiceProcess started(Map<String, String> settings) throws Exception {
        ServiceProcess process = ServiceProcess.start(
                "auth-service",
                FreePort.find(),
                settings,
                folder,
                "-XX:+UseSerialGC",
                "-XX:MaxRAM=512m",
                "-XX:MaxRAMPercentage=50");
        process.awaitReady();
        return process;
    }

    private static Stream<ProcessHandle> database() throws IOException {
        List<String> lines = Files.readAllLines(directory.postgres().resolve("data/postmaster.pid"));
        ProcessHandle postmaster =
                ProcessHandle.of(Long.parseLong(lines.get(0).strip())).orElseThrow();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants());
    }

    private static Duration cpu(Stream<ProcessHandle> processes) {
        return processes
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** In MiB. */
    private static long resident() throws IOException {
        return Files.readAllLines(
                        Path.of("/proc", Long.toString(service.handle().pid()), "status"))
                .stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private static void print(String form, Object... values) {
        System.out.println(String.format(Locale.ROOT, form, values));
    }
}
