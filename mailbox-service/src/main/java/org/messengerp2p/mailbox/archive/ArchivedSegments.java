package org.messengerp2p.mailbox.archive;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.MailboxDatabase;

/** Segments in the database, sealed. */
@ApplicationScoped
public class ArchivedSegments {

    static final int PAGE_SIZE = 1000;

    private static final String FIND = """
            select s.sealed
              from archive_segment s
             where s.account = $1 and s.device = $2 and s.gen = $3 and s.seg_no = $4 and s.rev = $5
            """;

    private static final String ADD = """
            with added as (
                insert into archive_segment (account, device, gen, seg_no, rev, size, sealed)
                values ($1, $2, $3, $4, $5, $6, $7)
            )
            update archive a
               set segments = a.segments + 1, bytes = a.bytes + $6
             where a.account = $1
            """;

    /** No row: the caller is not listed. A null: there is no such segment. */
    private static final String FETCH = """
            select s.sealed
              from mailbox m
              left join archive_segment s
                on s.account = m.account and s.device = $3 and s.gen = $4 and s.seg_no = $5 and s.rev = $6
             where m.account = $1
               and m.device = $2
            """;

    /** One row more than a page says that there is another. A caller without segments gets one row of nulls. */
    private static final String PAGE = """
            select s.seg_no, s.rev
              from mailbox m
              left join lateral (
                   select a.seg_no, a.rev
                     from archive_segment a
                    where a.account = m.account
                      and a.device = $3
                      and a.gen = $4
                      and (a.seg_no, a.rev) > ($5, $6)
                    order by a.seg_no, a.rev
                    limit $7 + 1) s on true
             where m.account = $1
               and m.device = $2
             order by s.seg_no, s.rev
            """;

    private final MailboxDatabase database;

    ArchivedSegments(MailboxDatabase database) {
        this.database = database;
    }

    /** @return the sealed bytes that are there by this name */
    Uni<Optional<byte[]>> find(HeldArchive held, Series series, Revision revision) {
        return held.transaction()
                .preparedQuery(FIND)
                .execute(key(held.account(), series, revision))
                .map(rows -> rows.size() == 0 ? Optional.empty() : sealed(rows));
    }

    /** @param size of the segment as it came */
    Uni<Void> add(HeldArchive held, Series series, Revision revision, int size, byte[] sealed) {
        Tuple parameters =
                key(held.account(), series, revision).addInteger(size).addBuffer(Buffer.buffer(sealed));
        return held.transaction().preparedQuery(ADD).execute(parameters).replaceWithVoid();
    }

    /** @return empty if the caller is not listed, and within it empty if there is no such segment */
    Uni<Optional<Optional<byte[]>>> fetch(Device caller, Series series, Revision revision) {
        Tuple parameters = of(caller, series).addLong(revision.segNo()).addLong(revision.rev());
        return database.execute(FETCH, parameters)
                .map(rows -> rows.size() == 0 ? Optional.empty() : Optional.of(sealed(rows)));
    }

    /** @return empty if the caller is not listed */
    Uni<Optional<SegmentPage>> page(Device caller, Series series, Place after) {
        Tuple parameters = of(caller, series)
                .addLong(after.first())
                .addLong(after.second())
                .addInteger(PAGE_SIZE);
        return database.execute(PAGE, parameters).map(ArchivedSegments::page);
    }

    private static Tuple key(AccountId account, Series series, Revision revision) {
        return Tuple.tuple()
                .addUUID(account.value())
                .addLong(series.device().value())
                .addLong(series.gen())
                .addLong(revision.segNo())
                .addLong(revision.rev());
    }

    private static Tuple of(Device caller, Series series) {
        return Tuple.of(
                caller.account().value(),
                caller.device().value(),
                series.device().value(),
                series.gen());
    }

    private static Optional<byte[]> sealed(RowSet<Row> rows) {
        return Optional.ofNullable(rows.iterator().next().getBuffer("sealed")).map(Buffer::getBytes);
    }

    private static Optional<SegmentPage> page(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Optional.empty();
        }
        List<Revision> segments = new ArrayList<>(rows.size());
        for (Row row : rows) {
            if (row.getLong("seg_no") != null && segments.size() < PAGE_SIZE) {
                segments.add(new Revision(row.getLong("seg_no"), row.getLong("rev")));
            }
        }
        String next = rows.size() > PAGE_SIZE
                ? segments.get(segments.size() - 1).place().text()
                : null;
        return Optional.of(new SegmentPage(segments, next));
    }
}
