package org.messengerp2p.auth.deletion;

import io.agroal.api.AgroalDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.messengerp2p.kit.identity.AccountId;

/** What stands in the database of an account, past the service. */
public final class AccountRows {
    private final AgroalDataSource database;

    public AccountRows(AgroalDataSource database) {
        this.database = database;
    }

    /** By table, each that has a column for an account; as text. */
    public Map<String, List<String>> of(AccountId account) throws SQLException {
        Map<String, List<String>> rows = new TreeMap<>();
        for (String table : texts("select table_name from information_schema.columns"
                + " where table_schema = 'public' and column_name = 'account_id'")) {
            List<String> its = texts(
                    "select t::text from " + table + " t where account_id = '" + account.value() + "' order by 1");
            if (!its.isEmpty()) {
                rows.put(table, its);
            }
        }
        return rows;
    }

    /** Backends that wait for a row another one holds. */
    public long waiting() {
        try {
            return Long.parseLong(texts("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
                    .get(0));
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    void update(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    List<String> texts(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }
}
