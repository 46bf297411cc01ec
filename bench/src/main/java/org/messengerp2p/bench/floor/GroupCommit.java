package org.messengerp2p.bench.floor;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * One statement, and so one commit, for all that waits. One is under way at a time; what comes meanwhile goes with the
 * next. A linger waits for more before it begins.
 */
final class GroupCommit {

    private static final int MOST_ROWS = 256;

    private static final String STORE =
            "insert into mailbox (recipient, body) select * from unnest($1::bigint[], $2::bytea[])";

    private final Vertx vertx;
    private final SqlClient database;
    private final int lingerMillis;
    private List<Pending> waiting = new ArrayList<>();
    private boolean underWay;
    private boolean lingers;

    GroupCommit(Vertx vertx, SqlClient database, int lingerMillis) {
        this.vertx = vertx;
        this.database = database;
        this.lingerMillis = lingerMillis;
    }

    void store(int recipient, Buffer body, Runnable committed) {
        waiting.add(new Pending(recipient, body, committed));
        next();
    }

    private void next() {
        if (underWay || waiting.isEmpty()) {
            return;
        }
        if (lingerMillis == 0 || waiting.size() >= MOST_ROWS) {
            write();
        } else if (!lingers) {
            lingers = true;
            vertx.setTimer(lingerMillis, over -> {
                lingers = false;
                if (!underWay) {
                    write();
                }
            });
        }
    }

    private void write() {
        if (waiting.isEmpty()) {
            return;
        }
        int count = Math.min(waiting.size(), MOST_ROWS);
        List<Pending> batch = new ArrayList<>(waiting.subList(0, count));
        waiting = new ArrayList<>(waiting.subList(count, waiting.size()));
        Long[] recipients = new Long[count];
        Buffer[] bodies = new Buffer[count];
        for (int i = 0; i < count; i++) {
            recipients[i] = (long) batch.get(i).recipient();
            bodies[i] = batch.get(i).body();
        }
        underWay = true;
        database.preparedQuery(STORE)
                .execute(Tuple.tuple().addArrayOfLong(recipients).addArrayOfBuffer(bodies))
                .onFailure(FloorServer::give)
                .onSuccess(rows -> {
                    underWay = false;
                    batch.forEach(stored -> stored.committed().run());
                    next();
                });
    }

    private record Pending(int recipient, Buffer body, Runnable committed) {}
}
