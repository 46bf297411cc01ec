package org.messengerp2p.mailbox.crash;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.messengerp2p.kit.limit.Limit;
import org.messengerp2p.mailbox.AuthDouble;
import org.messengerp2p.mailbox.MailboxSettings;
import org.messengerp2p.testkit.FreePort;
import org.messengerp2p.testkit.JwksResource;

/** A service and a database of their own, clients that use them, and the kills of a plan. Ends with its history. */
final class CrashRun implements AutoCloseable {

    /** In which, after the last kill, all must be acknowledged, collected and over. */
    private static final long PATIENCE_SECONDS = 120;

    /** Undisturbed at the end, so that the last kill is not the end of the load. */
    private static final long CALM_MILLIS = 1500;

    private final CrashPlan plan;
    private final JwksResource jwks = new JwksResource();
    private final AuthDouble auth = new AuthDouble();
    private final URI authControl;
    private final KillableDatabase database;
    private final KillableService service;
    private final int port = FreePort.find();

    /**
     * @param application the service as Quarkus packages it
     * @param folder for data and logs
     * @param databaseSettings beside those of production
     */
    CrashRun(CrashPlan plan, Path application, Path folder, String... databaseSettings) throws Exception {
        this.plan = plan;
        Map<String, String> settings = new HashMap<>(auth.start());
        authControl = URI.create(settings.get("mp2p.mailbox.auth-internal-url"));
        settings.putAll(jwks.start());
        settings.putAll(unlimited());
        settings.put(
                "mp2p.mailbox.keyset", folder.resolve("secrets/envelopes.json").toString());
        settings.put("mp2p.internal.port", "0");
        database = new KillableDatabase(folder, FreePort.find(), List.of(databaseSettings));
        settings.putAll(database.serviceSettings());
        service = new KillableService(application, port, FreePort.find(), settings, folder);
    }

    void run() throws Exception {
        try (History history = new History(plan.history());
                Load load = new Load(plan, port, history)) {
            history.add(now -> new HistoryEvent.Begun(
                    now, plan.seed(), plan.clients(), plan.serviceKills(), plan.databaseKills()));
            database.start();
            for (Client.Account account : load.accounts()) {
                list(account);
            }
            service.start();
            load.prepare().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            load.start();
            for (Kill kill : plan.kills()) {
                if (!kill.duringStart()) {
                    awaitFlow(load, history);
                }
                pass(kill.after().toMillis(), load);
                kill(kill, history);
            }
            awaitFlow(load, history);
            pass(CALM_MILLIS, load);
            load.finish().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Mailboxes whose counters are not those of what waits in them. */
    long inexactMailboxes() throws Exception {
        return database.query("""
                select count(*)
                  from mailbox m
                 cross join lateral (
                       select count(*) as waiting, coalesce(sum(e.size), 0) as bytes,
                              count(*) filter (where e.limited) as limited,
                              coalesce(sum(e.size) filter (where e.limited), 0) as limited_bytes
                         from envelope e
                        where e.account = m.account and e.device = m.device) w
                 where (m.waiting, m.waiting_bytes, m.limited, m.limited_bytes)
                    <> (w.waiting, w.bytes, w.limited, w.limited_bytes)
                """);
    }

    String lastLinesOfTheService() throws IOException {
        return service.lastLines();
    }

    @Override
    public void close() {
        service.close();
        database.close();
        jwks.stop();
        auth.stop();
    }

    private void kill(Kill kill, History history) throws IOException, InterruptedException {
        history.add(now -> new HistoryEvent.Killed(now, kill.victim()));
        if (kill.victim().isDatabase()) {
            database.kill(kill.victim());
        } else {
            service.kill();
        }
    }

    private void awaitFlow(Load load, History history) throws InterruptedException {
        awaitReady(history);
        if (!load.awaitAcknowledged(plan.between(), PATIENCE_SECONDS)) {
            throw new AssertionError("all is ready and nothing is acknowledged");
        }
    }

    private void awaitReady(History history) throws InterruptedException {
        database.awaitReady();
        history.add(now -> new HistoryEvent.Ready(now, "database"));
        service.awaitReady();
        history.add(now -> new HistoryEvent.Ready(now, "service"));
    }

    /** Lets the load run; ends early where it fails. */
    private static void pass(long millis, Load load) throws Exception {
        CompletableFuture<Void> failure = load.failure();
        try {
            failure.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException allIsWell) {
            return;
        } catch (ExecutionException failed) {
            throw new AssertionError("the load failed", failed.getCause());
        }
    }

    /** What auth-service answers when it is asked. */
    private void list(Client.Account account) throws IOException, InterruptedException {
        String devices = account.clients().stream()
                .map(client -> Long.toString(client.device().device().value()))
                .collect(Collectors.joining(",", "{\"list_version\":1,\"devices\":[", "]}"));
        URI control = authControl.resolve("/test/devices/" + account.id().base64url());
        HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(control)
                                .PUT(HttpRequest.BodyPublishers.ofString(devices))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
    }

    /** Two hundred clients of one address that send without a pause are what limits are for. */
    private static Map<String, String> unlimited() {
        Map<String, String> settings = new HashMap<>();
        for (var setting : MailboxSettings.Limits.class.getMethods()) {
            if (setting.getReturnType() == Limit.class) {
                String name = setting.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
                settings.put("mp2p.mailbox.limits." + name, "1000000/PT1S");
            }
        }
        return settings;
    }
}
