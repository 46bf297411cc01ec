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
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.mailbox.MailboxDatabase;

/** Manifests in the database, sealed. */
@ApplicationScoped
public class ArchivedManifests {

    /** Bytes of manifests with which a page ends, after the first. */
    static final int PAGE_BYTES = 1 << 20;

    private static final String FIND = """
            select m.man_no, m.size, m.sealed
              from archive_manifest m
             where m.account = $1 and m.device = $2 and m.gen = $3
            """;

    /** The new manifest, what it drops and the counters are one statement. */
    private static final String REPLACE = """
            with put as (
                insert into archive_manifest as m (account, device, gen, man_no, size, sealed)
                values ($1, $2, $3, $4, $5, $6)
                    on conflict on constraint archive_manifest_pk do update
                   set man_no = excluded.man_no, size = excluded.size, sealed = excluded.sealed
            ),
            gone as (
                delete from archive_segment s
                 using unnest($7::bigint[], $8::bigint[]) as d (seg_no, rev)
                 where s.account = $1
                   and s.device = $2
                   and s.gen = $3
                   and s.seg_no = d.seg_no
                   and s.rev = d.rev
                returning s.size
            ),
            sum as materialized (
                select count(*)::integer as count, coalesce(sum(g.size), 0)::bigint as bytes from gone g
            )
            update archive a
               set segments = a.segments - s.count,
                   manifests = a.manifests + $9,
                   bytes = a.bytes - s.bytes + $10
              from sum s
             where a.account = $1
            returning a.manifests, a.bytes, s.count as dropped
            """;

    /** A caller whose account has no manifests gets one row of nulls; of the bytes only those of the page are read. */
    private static final String PAGE = """
            select p.device, p.gen, p.man_no, p.sealed, p.count
              from mailbox c
              left join lateral (
                   select m.device, m.gen, m.man_no, m.sealed, count(*) over () as count,
                          sum(m.size) over (order by m.device, m.gen rows unbounded preceding) - m.size as before
                     from archive_manifest m
                    where m.account = c.account
                      and (m.device, m.gen) > ($3, $4)) p on p.before < $5
             where c.account = $1
               and c.device = $2
             order by p.device, p.gen
            """;

    private final MailboxDatabase database;

    ArchivedManifests(MailboxDatabase database) {
        this.database = database;
    }

    /** A manifest as it lies there. */
    record Stored(long manNo, int size, byte[] sealed) {

        /** Of a series that has none. */
        static final Stored NONE = new Stored(0, 0, new byte[0]);
    }

    /** What a replacement has led to. */
    record Replaced(int manifests, long bytes, int dropped) {}

    /** Manifests of one account in their order. */
    record Page(List<Entry> entries, boolean last) {}

    /** One of a page. */
    record Entry(Series series, long manNo, byte[] sealed) {}

    Uni<Stored> find(HeldArchive held, Series series) {
        return held.transaction()
                .preparedQuery(FIND)
                .execute(key(held.account(), series))
                .map(ArchivedManifests::stored);
    }

    /** @param sealed the manifest of the request */
    Uni<Replaced> replace(HeldArchive held, Series series, Stored old, ManifestRequest request, byte[] sealed) {
        int size = request.manifest().length;
        Tuple parameters = key(held.account(), series)
                .addLong(request.manNo())
                .addInteger(size)
                .addBuffer(Buffer.buffer(sealed))
                .addArrayOfLong(request.drop().stream().map(Revision::segNo).toArray(Long[]::new))
                .addArrayOfLong(request.drop().stream().map(Revision::rev).toArray(Long[]::new))
                .addInteger(old.manNo() == 0 ? 1 : 0)
                .addLong((long) size - old.size());
        return held.transaction().preparedQuery(REPLACE).execute(parameters).map(ArchivedManifests::replaced);
    }

    /** @return empty if the caller is not listed */
    Uni<Optional<Page>> page(Device caller, Place after) {
        Tuple parameters = Tuple.of(
                caller.account().value(), caller.device().value(), after.first(), after.second(), (long) PAGE_BYTES);
        return database.execute(PAGE, parameters).map(ArchivedManifests::page);
    }

    private static Tuple key(AccountId account, Series series) {
        return Tuple.of(account.value(), series.device().value(), series.gen());
    }

    private static Stored stored(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Stored.NONE;
        }
        Row row = rows.iterator().next();
        return new Stored(
                row.getLong("man_no"),
                row.getInteger("size"),
                row.getBuffer("sealed").getBytes());
    }

    private static Replaced replaced(RowSet<Row> rows) {
        Row row = rows.iterator().next();
        return new Replaced(row.getInteger("manifests"), row.getLong("bytes"), row.getInteger("dropped"));
    }

    private static Optional<Page> page(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Optional.empty();
        }
        List<Entry> entries = new ArrayList<>(rows.size());
        long all = 0;
        for (Row row : rows) {
            if (row.getLong("device") != null) {
                all = row.getLong("count");
                Series series = new Series(new DeviceId(row.getLong("device")), row.getLong("gen"));
                entries.add(new Entry(
                        series, row.getLong("man_no"), row.getBuffer("sealed").getBytes()));
            }
        }
        return Optional.of(new Page(entries, entries.size() == all));
    }
}
