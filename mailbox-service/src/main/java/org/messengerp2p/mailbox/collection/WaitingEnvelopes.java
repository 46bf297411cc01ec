package org.messengerp2p.mailbox.collection;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.EnvelopeId;
import org.messengerp2p.mailbox.MailboxDatabase;

/** What waits for a device, in the database. Empty answers mean that the device is not listed. */
@ApplicationScoped
public class WaitingEnvelopes {

    /**
     * One row more than belongs to the page says that more waits: the one behind the number that was asked for, or the
     * first that would make the page too long, which comes without what it holds. The sum runs along the order of the
     * index and ends with the limit. A mailbox without envelopes gives one row of nulls.
     */
    private static final String PAGE = """
            select m.expired, e.position, e.envelope_id, case when e.bytes <= $5 then e.sealed end as sealed
              from mailbox m
              left join lateral (
                   select w.position, w.envelope_id, w.sealed,
                          sum(w.size) over (order by w.position rows unbounded preceding) as bytes
                     from envelope w
                    where w.account = m.account and w.device = m.device
                      and w.position > 0 and w.position > $3
                    order by w.position
                    limit $4 + 1) e on true
             where m.account = $1
               and m.device = $2
             order by e.position
            """;

    /** The mailbox is locked first, as by every statement that changes what waits in it. */
    private static final String ACKNOWLEDGE = """
            with mine as materialized (
                select m.device from mailbox m where m.account = $1 and m.device = $2 for no key update
            ),
            gone as (
                delete from envelope e
                 where e.account = $1
                   and e.device = (select m.device from mine m)
                   and e.envelope_id = any ($3)
                returning e.size, e.limited
            ),
            sum as materialized (
                select count(*)::integer as count,
                       coalesce(sum(g.size), 0) as bytes,
                       (count(*) filter (where g.limited))::integer as limited,
                       coalesce(sum(g.size) filter (where g.limited), 0) as limited_bytes
                  from gone g
            ),
            counted as (
                update mailbox m
                   set waiting = m.waiting - s.count,
                       waiting_bytes = m.waiting_bytes - s.bytes,
                       limited = m.limited - s.limited,
                       limited_bytes = m.limited_bytes - s.limited_bytes
                  from sum s
                 where m.account = $1
                   and m.device = $2
                   and s.count > 0
            )
            select s.count from mine cross join sum s
            """;

    private final MailboxDatabase database;

    WaitingEnvelopes(MailboxDatabase database) {
        this.database = database;
    }

    Uni<Optional<Page>> page(Device device, Cursor after, int limit) {
        Tuple parameters =
                key(device).addLong(after.position()).addInteger(limit).addLong(CollectedPage.MAX_BYTES);
        return database.execute(PAGE, parameters).map(rows -> page(rows, limit));
    }

    /** @return how many of them were waiting */
    Uni<Optional<Integer>> acknowledge(Device device, List<EnvelopeId> ids) {
        UUID[] named = ids.stream().map(EnvelopeId::value).toArray(UUID[]::new);
        return database.execute(ACKNOWLEDGE, key(device).addArrayOfUUID(named)).map(WaitingEnvelopes::count);
    }

    private static Tuple key(Device device) {
        return Tuple.of(device.account().value(), device.device().value());
    }

    private static Optional<Page> page(RowSet<Row> rows, int limit) {
        if (rows.size() == 0) {
            return Optional.empty();
        }
        long expired = 0;
        boolean last = true;
        List<Envelope> envelopes = new ArrayList<>(rows.size());
        for (Row row : rows) {
            expired = row.getLong("expired");
            Long position = row.getLong("position");
            if (position == null) {
                break;
            }
            Buffer sealed = row.getBuffer("sealed");
            if (sealed == null || envelopes.size() == limit) {
                last = false;
                break;
            }
            EnvelopeId id = new EnvelopeId(row.getUUID("envelope_id"));
            envelopes.add(new Envelope(new Cursor(position), id, sealed.getBytes()));
        }
        return Optional.of(new Page(envelopes, last, expired));
    }

    private static Optional<Integer> count(RowSet<Row> rows) {
        return rows.size() == 0
                ? Optional.empty()
                : Optional.of(rows.iterator().next().getInteger("count"));
    }

    /** @param last whether nothing waits behind it */
    record Page(List<Envelope> envelopes, boolean last, long expired) {}

    /** A row as it lies there. */
    record Envelope(Cursor at, EnvelopeId id, byte[] sealed) {}
}
