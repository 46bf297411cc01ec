package org.messengerp2p.auth.transparency;

import io.agroal.api.AgroalDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The log's tables in the hands of somebody who cheats; what was there before is there again when it is closed. */
final class KeptLog implements AutoCloseable {
    private static final String ONE_LIST_EACH = "key_leaf_list";

    private final AgroalDataSource database;
    private final String oneListEach;

    KeptLog(AgroalDataSource database) throws SQLException {
        this.database = database;
        this.oneListEach = definition(ONE_LIST_EACH);
        run(
                "create table kept_leaf as table key_leaf",
                "create table kept_log as table key_log",
                "create table kept_head as table tree_head");
    }

    /** Does this, then lets the log's root be that of the leaves that stand there, and forgets what was signed but when. */
    void rewrite(String... statements) throws SQLException {
        run(statements);
        Frontier log = Frontier.EMPTY.with(leaves());
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement("update key_log set size = ?, peaks = ?")) {
            update.setLong(1, log.size());
            update.setBytes(2, log.encodedPeaks());
            update.executeUpdate();
        }
        run("update tree_head set size = 0, root = sha256('')");
    }

    void run(String... statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement each = connection.createStatement()) {
            for (String statement : statements) {
                each.execute(statement);
            }
        }
    }

    void allowTwoListsOfOneVersion() throws SQLException {
        run("drop index " + ONE_LIST_EACH);
    }

    List<byte[]> leaves() throws SQLException {
        List<byte[]> leaves = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement all = connection.createStatement();
                ResultSet rows = all.executeQuery("select leaf from key_leaf order by leaf_index")) {
            while (rows.next()) {
                leaves.add(rows.getBytes(1));
            }
        }
        return leaves;
    }

    @Override
    public void close() throws SQLException {
        run(
                "truncate key_leaf, key_log, tree_head",
                "drop index if exists " + ONE_LIST_EACH,
                oneListEach,
                "insert into key_leaf table kept_leaf",
                "insert into key_log table kept_log",
                "insert into tree_head table kept_head",
                "drop table kept_leaf, kept_log, kept_head");
    }

    private String definition(String index) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement search = connection.prepareStatement(
                        "select indexdef from pg_indexes where schemaname = current_schema() and indexname = ?")) {
            search.setString(1, index);
            ResultSet rows = search.executeQuery();
            rows.next();
            return rows.getString(1);
        }
    }
}
