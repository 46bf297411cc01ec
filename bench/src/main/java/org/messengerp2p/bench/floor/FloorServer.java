package org.messengerp2p.bench.floor;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import org.messengerp2p.bench.database.BenchPostgres;
import org.messengerp2p.bench.floor.Frame.Kind;

/** The floor as a process: {@code FloorServer <port> <port of PostgreSQL> <database> <linger in ms>}. */
public final class FloorServer {

    static final String TABLE = "create table mailbox"
            + " (id bigint generated always as identity primary key, recipient bigint not null, body bytea not null)";
    static final String INDEX = "create index mailbox_by_recipient on mailbox (recipient, id)";

    private static final int CONNECTIONS = 4;
    private static final int STATEMENTS_A_CONNECTION = 64;

    private static final String PAGE = "select id, body from mailbox where recipient = $1 order by id limit 256";
    private static final String ACKNOWLEDGE = "delete from mailbox where recipient = $1 and id <= $2";

    private final SqlClient database;
    private final GroupCommit stores;

    private FloorServer(Vertx vertx, int databasePort, String name, int lingerMillis) {
        PgConnectOptions connection = new PgConnectOptions()
                .setHost("127.0.0.1")
                .setPort(databasePort)
                .setDatabase(name)
                .setUser(BenchPostgres.USER)
                .setPassword(BenchPostgres.PASSWORD)
                .setCachePreparedStatements(true)
                .setPipeliningLimit(STATEMENTS_A_CONNECTION);
        this.database = PgBuilder.client()
                .with(new PoolOptions().setMaxSize(CONNECTIONS))
                .connectingTo(connection)
                .using(vertx)
                .build();
        this.stores = new GroupCommit(vertx, database, lingerMillis);
    }

    public static void main(String[] arguments) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        FloorServer floor =
                new FloorServer(vertx, Integer.parseInt(arguments[1]), arguments[2], Integer.parseInt(arguments[3]));
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(Integer.parseInt(arguments[0]))
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false);
        vertx.createHttpServer(options)
                .webSocketHandler(socket -> socket.binaryMessageHandler(frame -> floor.accept(socket, frame)))
                .listen()
                .onFailure(FloorServer::give);
    }

    /** A floor that has failed once measures nothing. */
    static void give(Throwable failure) {
        failure.printStackTrace();
        Runtime.getRuntime().halt(1);
    }

    private void accept(ServerWebSocket socket, Buffer frame) {
        int request = Frame.request(frame);
        int recipient = frame.getInt(Frame.HEADER);
        int rest = Frame.HEADER + Integer.BYTES;
        switch (Frame.kind(frame)) {
            case STORE ->
                stores.store(
                        recipient,
                        frame.getBuffer(rest, frame.length()),
                        () -> socket.writeBinaryMessage(Frame.of(Kind.STORED, request, 0)));
            case DRAIN ->
                database.preparedQuery(PAGE)
                        .execute(Tuple.of((long) recipient))
                        .onFailure(FloorServer::give)
                        .onSuccess(rows -> socket.writeBinaryMessage(page(request, rows)));
            case ACK ->
                database.preparedQuery(ACKNOWLEDGE)
                        .execute(Tuple.of((long) recipient, frame.getLong(rest)))
                        .onFailure(FloorServer::give)
                        .onSuccess(rows -> socket.writeBinaryMessage(
                                Frame.of(Kind.ACKED, request, Integer.BYTES).appendInt(rows.rowCount())));
            default -> socket.close();
        }
    }

    private static Buffer page(int request, RowSet<Row> rows) {
        int start = Frame.HEADER;
        Buffer page = Frame.of(Kind.PAGE, request, 12 + rows.size() * 1040)
                .appendLong(0)
                .appendInt(rows.size());
        for (Row row : rows) {
            Buffer body = row.getBuffer(1);
            page.setLong(start, row.getLong(0)).appendInt(body.length()).appendBuffer(body);
        }
        return page;
    }
}
