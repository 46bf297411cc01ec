package org.messengerp2p.mailbox.delivery;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.messengerp2p.mailbox.MailboxDatabase;
import org.messengerp2p.mailbox.MailboxSettings;

/**
 * Stores one batch in a statement of its own, and says of each envelope what became of it: what {@link GroupedStore}
 * leaves over.
 */
@ApplicationScoped
class SingleStore {

    /**
     * Order without gaps. A position is taken from the row of the mailbox, which {@code mine} locks, and the lock is
     * held until the commit. So of two stores to one device the second takes its positions after the first has
     * committed: whoever sees an envelope sees every envelope with a smaller position, and a cursor passes none.
     *
     * <p>Two things are read from the statement's snapshot, which may be older than the lock. That a list is the newest:
     * then the store comes before the change of the list, but a mailbox that has ended meanwhile cannot be locked, and
     * then nothing is stored. That an envelope is not waiting yet: {@code on conflict} catches the one that came
     * meanwhile, and the counters count what was inserted. Nothing else here may read {@code envelope} or
     * {@code mailbox} past the lock.
     *
     * <p>Whether an envelope is waiting is a scalar sub-query, one look-up by key: {@code not exists} may be planned as
     * a join that reads all that waits for the account.
     *
     * <p>Mailboxes are locked in the order of their devices, here and in every other statement: no deadlock.
     */
    private static final String STORE = """
            with item as materialized (
                select i.device, i.envelope_id, i.sealed, i.size, i.nth
                  from unnest($2::bigint[], $3::uuid[], $4::bytea[], $5::integer[])
                       with ordinality as i (device, envelope_id, sealed, size, nth)
            ),
            addressee as materialized (
                select r.list_version,
                       $7::bytea is null or r.delivery_token_hash is not distinct from $7 as admits
                  from recipient r
                 where r.account = $1
            ),
            mine as materialized (
                select m.device, m.next_position, m.waiting, m.waiting_bytes, m.limited, m.limited_bytes
                  from mailbox m
                 where m.account = $1
                   and m.device = any ($2)
                   and exists (select from addressee a where a.admits and a.list_version = $6)
                 order by m.device
                   for no key update
            ),
            listed as materialized (
                select (select count(*) from mine) = (select count(distinct i.device) from item i) as every
            ),
            fresh as materialized (
                select i.device, i.envelope_id, i.sealed, i.size, i.nth,
                       row_number() over before as count, sum(i.size) over before as bytes
                  from item i
                 where (select e.position
                          from envelope e
                         where e.account = $1 and e.device = i.device and e.envelope_id = i.envelope_id) is null
                window before as (partition by i.device order by i.nth rows unbounded preceding)
            ),
            admitted as materialized (
                select f.device, f.envelope_id, f.sealed, f.size, f.nth, m.next_position + f.count - 1 as position
                  from fresh f
                  join mine m on m.device = f.device
                 where (select every from listed)
                   and m.waiting + f.count <= $8
                   and m.waiting_bytes + f.bytes <= $9
                   and (not $10 or m.limited + f.count <= $8 / 2 and m.limited_bytes + f.bytes <= $9 / 2)
            ),
            inserted as (
                insert into envelope (account, device, position, envelope_id, received_at, size, limited, sealed)
                select $1, a.device, a.position, a.envelope_id, $11, a.size, $10, a.sealed
                  from admitted a
                 order by a.device, a.position
                    on conflict on constraint envelope_pk do nothing
                returning device, envelope_id, position, size
            ),
            counted as (
                update mailbox m
                   set next_position = s.last + 1,
                       waiting = m.waiting + s.count,
                       waiting_bytes = m.waiting_bytes + s.bytes,
                       limited = m.limited + case when $10 then s.count else 0 end,
                       limited_bytes = m.limited_bytes + case when $10 then s.bytes else 0 end
                  from (select i.device, max(i.position) as last, count(*)::integer as count, sum(i.size) as bytes
                          from inserted i
                         group by i.device) s
                 where m.account = $1
                   and m.device = s.device
            )
            select a.list_version, a.admits, l.every,
                   f.nth is not null and o.nth is null as is_full,
                   s.position is not null as is_fresh
              from item i
              cross join listed l
              left join addressee a on true
              left join fresh f on f.nth = i.nth
              left join admitted o on o.nth = i.nth
              left join inserted s on s.device = i.device and s.position = o.position
             order by i.nth
            """;

    private final MailboxDatabase database;
    private final MailboxSettings.Quota quota;
    private final StoredAt storedAt;

    SingleStore(MailboxDatabase database, MailboxSettings settings, StoredAt storedAt) {
        this.database = database;
        this.quota = settings.quota();
        this.storedAt = storedAt;
    }

    Uni<StoreOutcome> store(SealedBatch sealed) {
        return database.execute(STORE, parameters(sealed)).map(rows -> outcome(sealed.batch(), rows));
    }

    private Tuple parameters(SealedBatch sealed) {
        Batch batch = sealed.batch();
        List<SealedBatch.Item> items = sealed.items();
        return Tuple.tuple()
                .addUUID(batch.to().value())
                .addArrayOfLong(items.stream().map(SealedBatch.Item::device).toArray(Long[]::new))
                .addArrayOfUUID(items.stream().map(item -> item.id().value()).toArray(UUID[]::new))
                .addValue(
                        items.stream().map(item -> Buffer.buffer(item.sealed())).toArray(Buffer[]::new))
                .addArrayOfInteger(items.stream().map(SealedBatch.Item::size).toArray(Integer[]::new))
                .addLong(batch.listVersion())
                .addValue(batch.token().map(hash -> Buffer.buffer(hash.bytes())).orElse(null))
                .addLong((long) quota.envelopes())
                .addLong(quota.bytes().asLongValue())
                .addBoolean(batch.limited())
                .addOffsetDateTime(storedAt.thisMinute());
    }

    private static StoreOutcome outcome(Batch batch, RowSet<Row> rows) {
        List<ItemState> states = new ArrayList<>(batch.envelopes().size());
        int fresh = 0;
        for (Row row : rows) {
            Long listVersion = row.getLong("list_version");
            boolean known = listVersion != null;
            if (batch.token().isPresent() && !(known && row.getBoolean("admits"))) {
                return new StoreOutcome.WrongToken();
            }
            if (!known) {
                return new StoreOutcome.UnknownAccount();
            }
            if (listVersion != batch.listVersion() || !row.getBoolean("every")) {
                return new StoreOutcome.OtherList(listVersion);
            }
            states.add(row.getBoolean("is_full") ? ItemState.FULL : ItemState.STORED);
            fresh += row.getBoolean("is_fresh") ? 1 : 0;
        }
        return new StoreOutcome.Done(List.copyOf(states), fresh);
    }
}
