package org.messengerp2p.standalone.postgres;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.messengerp2p.kit.secret.SecretFile;
import org.messengerp2p.standalone.CannotStart;

/** One database and one role for each service that stores anything; a role owns the schema of its database alone. */
public final class ServiceDatabases {

    static final List<String> NAMES = List.of("auth", "mailbox");

    private ServiceDatabases() {}

    /**
     * Makes what is missing; passwords are those of the files, whatever they were before.
     *
     * @return the settings of the named datasources
     */
    public static Map<String, String> provide(EmbeddedPostgres server, Path secrets) {
        Map<String, String> settings = new LinkedHashMap<>();
        try (Connection session = server.connect("postgres")) {
            for (String name : NAMES) {
                String password =
                        SecretFile.at(secrets.resolve("database-" + name)).read();
                provideRole(session, name, password);
                provideDatabase(server, session, name);
                String address = "postgresql://127.0.0.1:" + server.port() + "/" + name;
                String datasource = "quarkus.datasource." + name;
                settings.put(datasource + ".jdbc.url", "jdbc:" + address);
                settings.put(datasource + ".reactive.url", address);
                settings.put(datasource + ".username", name);
                settings.put(datasource + ".password", password);
            }
        } catch (SQLException failure) {
            throw new CannotStart(
                    "The database cannot be prepared (PostgreSQL: " + failure.getMessage() + ").", failure);
        }
        return settings;
    }

    private static void provideRole(Connection session, String name, String password) throws SQLException {
        String verb = exists(session, "select from pg_roles where rolname = ", name) ? "alter" : "create";
        try (Statement statement = session.createStatement()) {
            statement.execute(verb + " role " + name
                    + " login nosuperuser nocreatedb nocreaterole noreplication password "
                    + statement.enquoteLiteral(password));
        }
    }

    private static void provideDatabase(EmbeddedPostgres server, Connection session, String name) throws SQLException {
        try (Statement statement = session.createStatement()) {
            if (!exists(session, "select from pg_database where datname = ", name)) {
                statement.execute("create database " + name);
            }
            statement.execute("revoke all on database " + name + " from public");
            statement.execute("grant connect on database " + name + " to " + name);
        }
        try (Connection inside = server.connect(name);
                Statement statement = inside.createStatement()) {
            statement.execute("alter schema public owner to " + name);
        }
    }

    private static boolean exists(Connection session, String query, String name) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet found = statement.executeQuery(query + statement.enquoteLiteral(name))) {
            return found.next();
        }
    }
}
