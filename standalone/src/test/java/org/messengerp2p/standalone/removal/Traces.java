package org.messengerp2p.standalone.removal;

import io.agroal.api.AgroalDataSource;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

/**
 * Searches everything that the services keep: each row of each table of both databases as text, where bytes are hex,
 * and each key, value and channel of the device bus.
 */
final class Traces {
    private final Map<String, AgroalDataSource> databases;
    private final Redis bus;

    Traces(Map<String, AgroalDataSource> databases, Redis bus) {
        this.databases = databases;
        this.bus = bus;
    }

    /** What names the account: its id, its name and its key in each form, and its devices. */
    static Pattern of(TestAccount account, TestDevice... devices) {
        byte[] id = account.id().bytes();
        // After two bytes of format and the account id (MP2P/1 §2).
        byte[] aik = Arrays.copyOfRange(account.firstList(), 18, 50);
        String name = account.username();
        String skeleton = name.replace("-", "").replace('0', 'o').replace('1', 'l');
        Stream<String> texts =
                Stream.of(account.id().value().toString(), base64url(id), base64url(aik), name, skeleton);
        Stream<String> bytes = Stream.of(
                hex(id),
                hex(aik),
                hex(base64url(id).getBytes()),
                hex(name.getBytes()),
                hex(account.id().value().toString().getBytes()));
        Stream<String> ids =
                Arrays.stream(devices).map(device -> "(?<!\\d)" + device.id().value() + "(?!\\d)");
        return Pattern.compile(Stream.concat(Stream.concat(texts, bytes).map(Pattern::quote), ids)
                .collect(Collectors.joining("|")));
    }

    /** Tables, and parts of the bus, where something matches. */
    Set<String> places(Pattern wanted) throws SQLException {
        return new TreeSet<>(found(wanted).keySet());
    }

    /** What matches, by the place where it is. */
    Map<String, List<String>> found(Pattern wanted) throws SQLException {
        Map<String, List<String>> found = new TreeMap<>();
        for (Map.Entry<String, List<String>> place : everything().entrySet()) {
            List<String> matching = place.getValue().stream()
                    .filter(text -> wanted.matcher(text).find())
                    .sorted()
                    .toList();
            if (!matching.isEmpty()) {
                found.put(place.getKey(), matching);
            }
        }
        return found;
    }

    private Map<String, List<String>> everything() throws SQLException {
        Map<String, List<String>> all = new TreeMap<>();
        for (Map.Entry<String, AgroalDataSource> database : databases.entrySet()) {
            for (String table : texts(
                    database.getValue(),
                    "select quote_ident(table_schema) || '.' || quote_ident(table_name)"
                            + " from information_schema.tables where table_type = 'BASE TABLE'"
                            + " and table_schema not in ('pg_catalog', 'information_schema')")) {
                all.put(
                        database.getKey() + " " + table.replace("public.", ""),
                        texts(database.getValue(), "select t::text from " + table + " t"));
            }
        }
        all.put("bus keys", keys());
        all.put(
                "bus channels",
                strings(send(Request.cmd(Command.PUBSUB).arg("CHANNELS").arg("*"))));
        return all;
    }

    /** Each with its value. */
    private List<String> keys() {
        return strings(send(Request.cmd(Command.KEYS).arg("*"))).stream()
                .map(key ->
                        key + " " + strings(send(Request.cmd(Command.HGETALL).arg(key))))
                .toList();
    }

    private Response send(Request request) {
        return bus.send(request).toCompletionStage().toCompletableFuture().join();
    }

    private static List<String> strings(Response response) {
        List<String> strings = new ArrayList<>();
        if (response != null) {
            response.forEach(part -> strings.add(part.toString()));
        }
        return strings;
    }

    private static List<String> texts(AgroalDataSource database, String sql) throws SQLException {
        try (Connection session = database.getConnection();
                Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
