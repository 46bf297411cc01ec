package org.messengerp2p.mailbox.expiry;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.mailbox.MailboxDatabase;

/** What has waited too long, in the database. */
@ApplicationScoped
public class ExpiredEnvelopes {

    static final int PAGE_SIZE = 500;

    /**
     * Walks the mailboxes in the order of their key and looks at the oldest envelope of each: no index by time, which
     * every store would pay for. In an empty one it does not look.
     */
    private static final String PAGE = """
            select m.account, m.device, m.waiting, oldest.received_at
              from mailbox m
              left join lateral (
                   select e.received_at
                     from envelope e
                    where m.waiting > 0 and e.account = m.account and e.device = m.device and e.position > 0
                    order by e.position
                    limit 1) oldest on true
             where (m.account, m.device) > ($1, $2)
             order by m.account, m.device
             limit $3
            """;

    /** The mailbox is locked first, as by every statement that changes what waits in it. */
    private static final String EXPIRE = """
            with mine as materialized (
                select m.device from mailbox m where m.account = $1 and m.device = $2 for no key update
            ),
            gone as (
                delete from envelope e
                 where e.account = $1
                   and e.device = (select m.device from mine m)
                   and e.received_at < $3
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
                       limited_bytes = m.limited_bytes - s.limited_bytes,
                       expired = m.expired + s.count
                  from sum s
                 where m.account = $1
                   and m.device = $2
                   and s.count > 0
            )
            select s.count from sum s
            """;

    private final MailboxDatabase database;

    ExpiredEnvelopes(MailboxDatabase database) {
        this.database = database;
    }

    /** @return the next {@link #PAGE_SIZE} mailboxes behind this one; fewer where these are the last */
    Uni<List<Mailbox>> mailboxes(Device after) {
        return database.executeInBackground(PAGE, key(after).addInteger(PAGE_SIZE))
                .map(ExpiredEnvelopes::mailboxes);
    }

    /** @return how many went */
    Uni<Integer> expire(Device device, OffsetDateTime before) {
        return database.executeInBackground(EXPIRE, key(device).addOffsetDateTime(before))
                .map(rows -> rows.iterator().next().getInteger("count"));
    }

    private static Tuple key(Device device) {
        return Tuple.of(device.account().value(), device.device().value());
    }

    private static List<Mailbox> mailboxes(RowSet<Row> rows) {
        List<Mailbox> mailboxes = new ArrayList<>(rows.size());
        for (Row row : rows) {
            Device device = new Device(new AccountId(row.getUUID("account")), new DeviceId(row.getLong("device")));
            OffsetDateTime oldest = row.getOffsetDateTime("received_at");
            mailboxes.add(new Mailbox(device, row.getInteger("waiting"), Optional.ofNullable(oldest)));
        }
        return mailboxes;
    }

    /** @param oldest when the envelope that waits longest was stored; empty where none waits */
    record Mailbox(Device device, int waiting, Optional<OffsetDateTime> oldest) {

        boolean holdsFromBefore(OffsetDateTime time) {
            return oldest.filter(time::isAfter).isPresent();
        }
    }
}
