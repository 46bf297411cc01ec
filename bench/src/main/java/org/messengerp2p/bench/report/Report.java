package org.messengerp2p.bench.report;

import static org.messengerp2p.bench.relay.Reconnect.HANDSHAKES;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The table, in Markdown, and whether each bar is met. */
public final class Report {

    private static final String NOTHING = "–";
    private static final String NO_PEER =
            "\nejabberd was not measured: it is not installed here, or was not among the systems"
                    + " (Debian: apt-get install ejabberd erlang-p1-pgsql; nothing of it need be started).\n";

    private final Figures figures;

    private Report(Figures figures) {
        this.figures = figures;
    }

    public static Report of(List<JsonObject> lines) {
        return new Report(new Figures(lines));
    }

    public String markdown() {
        return costs("Store, at the rate", "rate", true)
                + costs("Store, flat out", "full", true)
                + costs("Collect and acknowledge", "drain", false)
                + relays("Relay of 1 KiB, at the rate: CPU µs a message", "relay", "")
                + relays("Relay of 1 KiB, flat out: CPU µs a message", "flood", "")
                + connections("A connection", "")
                + relays("Behind the TLS gateway, relay at the rate: CPU µs a message", "relay", Bar.TLS)
                + relays("Behind the TLS gateway, relay flat out: CPU µs a message", "flood", Bar.TLS)
                + connections("Behind the TLS gateway, a connection", Bar.TLS)
                + alone()
                + bars()
                + absence()
                + failures();
    }

    private String failures() {
        return figures.failures().stream().map(failure -> "\n" + failure + "\n").collect(Collectors.joining());
    }

    private String absence() {
        return figures.systems().stream().anyMatch(system -> system.contains(Bar.PEER)) ? "" : NO_PEER;
    }

    private String costs(String title, String phase, boolean answers) {
        if (figures.systems().stream().noneMatch(system -> figures.has(system, phase + "_us"))) {
            return "";
        }
        Table table = new Table(title + ": CPU µs a message of 1 KiB");
        table.row("system", "together", "service", "PostgreSQL", "÷ floor", "÷ ejabberd", "messages/s");
        if (answers) {
            table.more("p50 ms", "p99 ms");
        }
        table.more("others' cores");
        Optional<String> peer = figures.better(Bar.PEER, phase + "_us");
        for (String system : figures.systems()) {
            if (figures.has(system, phase + "_us")) {
                table.row(
                        system,
                        figure(system, phase + "_us"),
                        figure(system, phase + "_service_us"),
                        figure(system, phase + "_database_us"),
                        ratio(figures.ratio(system, Optional.of(Bar.FLOOR), phase + "_us")),
                        ratio(figures.ratio(system, peer, phase + "_us")),
                        figure(system, phase + "_per_s"));
                if (answers) {
                    table.more(figure(system, phase + "_p50_ms"), figure(system, phase + "_p99_ms"));
                }
                table.more(figure(system, phase + "_other_cores"));
            }
        }
        return table.markdown();
    }

    private String relays(String title, String phase, String front) {
        List<String> systems = online(front, phase + "_us");
        Table table = new Table(title);
        table.row("system", "together", "service", "gateway", "÷ floor", "÷ ejabberd", "messages/s");
        table.more("p50 ms", "p99 ms", "others' cores");
        Optional<String> peer = figures.better(front + Bar.RELAY_PEER, phase + "_us");
        for (String system : systems) {
            table.row(
                    system,
                    figure(system, phase + "_us"),
                    figure(system, phase + "_service_us"),
                    figure(system, phase + "_gateway_us"),
                    ratio(figures.ratio(system, Optional.of(front + Bar.RELAY_FLOOR), phase + "_us")),
                    ratio(figures.ratio(system, peer, phase + "_us")),
                    figure(system, phase + "_per_s"),
                    figure(system, phase + "_p50_ms"),
                    figure(system, phase + "_p99_ms"),
                    figure(system, phase + "_other_cores"));
        }
        return systems.isEmpty() ? "" : table.markdown();
    }

    private String connections(String title, String front) {
        List<String> systems = online(front, "connect_us");
        Table table = new Table(title);
        table.row("system", "set-up CPU µs", "service", "gateway", "PostgreSQL", "÷ floor", "÷ ejabberd");
        table.more("idle KiB", "service", "gateway", "÷ floor", "÷ ejabberd", "at first MiB", "others' cores");
        for (String system : systems) {
            table.row(
                    system,
                    figure(system, "connect_us"),
                    figure(system, "connect_service_us"),
                    figure(system, "connect_gateway_us"),
                    figure(system, "connect_database_us"),
                    ratio(figures.ratio(system, Optional.of(front + Bar.RELAY_FLOOR), "connect_us")),
                    ratio(figures.ratio(system, figures.better(front + Bar.RELAY_PEER, "connect_us"), "connect_us")));
            table.more(
                    figure(system, "idle_kib"),
                    figure(system, "idle_service_kib"),
                    figure(system, "idle_gateway_kib"),
                    ratio(figures.ratio(system, Optional.of(front + Bar.RELAY_FLOOR), "idle_kib")),
                    ratio(figures.ratio(system, figures.better(front + Bar.RELAY_PEER, "idle_kib"), "idle_kib")),
                    figure(system, "base_mib"),
                    figure(system, "connect_other_cores"));
        }
        return systems.isEmpty() ? "" : table.markdown();
    }

    /** Behind the gateway, or not behind it. */
    private List<String> online(String front, String figure) {
        return figures.systems().stream()
                .filter(system -> system.startsWith(front) && (!front.isEmpty() || !system.startsWith(Bar.TLS)))
                .filter(system -> figures.has(system, figure))
                .toList();
    }

    private String alone() {
        Table table = new Table("Beside them").row("what", "found");
        row(table, "one store alone, 10 a second: p50 ms", "single store", "single_store_p50_ms");
        row(table, "a plain INSERT of the same row: p50 ms", "single store", "single_insert_p50_ms");
        row(table, "a page of 100: p99 ms", "slow reader", "alone_p99_ms");
        row(table, "the same beside a slow reader with a full mailbox: p99 ms", "slow reader", "beside_p99_ms");
        row(table, "a relayed message, limits as shipped, a heap of 192 MB: p99 ms", "hostile", "alone_p99_ms");
        row(table, "the same beside a hostile client: p99 ms", "hostile", "beside_p99_ms");
        row(table, "sockets that it has open, at least", "hostile", "hostile_sockets");
        row(table, "times that it was not read on", "hostile", "hostile_paced");
        row(table, "cores that it uses itself", "hostile", "hostile_cores");
        row(table, "others' cores, alone", "hostile", "alone_other_cores");
        row(table, "others' cores, beside it, its own among them", "hostile", "beside_other_cores");
        row(table, "Tink, to seal 1 KiB: CPU µs", "sealing", "seal_us");
        row(table, "Tink, to open it: CPU µs", "sealing", "connect_us");
        row(table, "all sockets cut at once, straight to the service: how many", "reconnect", "back_sockets");
        row(table, "until all are back: s", "reconnect", "back_all_s");
        row(table, "tries that failed", "reconnect", "back_failed");
        row(
                table,
                "and at the gateway, " + HANDSHAKES + " handshakes at a time: how many",
                "TLS reconnect",
                "back_sockets");
        row(table, "until all are back: s", "TLS reconnect", "back_all_s");
        row(table, "tries that failed", "TLS reconnect", "back_failed");
        added(table, "TLS, a message stored at the rate: CPU µs", "rate_us");
        added(table, "TLS, a message stored flat out: CPU µs", "full_us");
        added(table, "TLS, a message drained: CPU µs", "drain_us");
        return table.isEmpty() ? "" : table.markdown();
    }

    private void row(Table table, String what, String system, String figure) {
        figures.of(system, figure).ifPresent(found -> table.row(what, found.text()));
    }

    /** What TLS adds is a difference of two medians. */
    private void added(Table table, String what, String figure) {
        Optional<Summary> with = figures.of("deliver, TLS", figure);
        Optional<Summary> without = figures.of("deliver", figure);
        if (with.isPresent() && without.isPresent()) {
            table.row(what, Summary.number(with.get().median() - without.get().median()));
        }
    }

    private String bars() {
        Table table = new Table("Bars").row("bar", "at most", "found", "met");
        for (Bar bar : Bar.all()) {
            Optional<Double> found = bar.found().apply(figures);
            table.row(
                    bar.what(),
                    Summary.number(bar.most()) + " × " + bar.than(),
                    found.map(Summary::number).orElse("not measured"),
                    found.map(ratio -> bar.met(ratio) ? "yes" : "no").orElse(NOTHING));
        }
        return table.markdown();
    }

    private String figure(String system, String figure) {
        return figures.of(system, figure).map(Summary::text).orElse(NOTHING);
    }

    private static String ratio(Optional<Double> ratio) {
        return ratio.map(Summary::number).orElse(NOTHING);
    }
}
