package org.messengerp2p.mailbox.delivery;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.messengerp2p.mailbox.MailboxDatabase;
import org.messengerp2p.mailbox.MailboxSettings;

/**
 * Stores the batches of many requests in one statement and one commit (docs/adr/0027). It stores a batch whole or leaves
 * it over: to a list that is not the directory's, with a wrong token, for a device that is not listed, for a mailbox
 * that has no room for all of it. {@link SingleStore} says then why.
 */
@ApplicationScoped
class GroupedStore {

    private static final Logger LOG = Logger.getLogger(GroupedStore.class);
    private static final String DIVISION_BY_ZERO = "22012";
    private static final String ROLLED_BACK = "40";

    /**
     * Order without gaps: a position is taken from the row of the mailbox by an update, which holds the row until the
     * commit. So of two stores to one device the second takes its positions after the first has committed: whoever sees
     * an envelope sees every envelope with a smaller position, and a cursor passes none.
     *
     * <p>What {@code item} reads is as old as the statement's snapshot; the room in a mailbox is looked at again when
     * its row is held. It is looked at before too, lest a batch for a device with room and for one without be stored in
     * part here and be taken for a repeated one then. That a list is the newest: then the store comes before the change of the list, and a mailbox
     * that has ended meanwhile is not reserved. That an envelope is not waiting yet: another replica may store the same
     * one in between. Then it is counted and not inserted, {@code exact} divides by zero, and all of the group is
     * undone.
     *
     * <p>The limit in {@code item} keeps that look a look-up by the whole key: as a plain join it may be planned as one
     * that reads all that waits.
     *
     * <p>No account occurs in two batches of a group. No mailbox is locked by a select, which could not be spread over
     * nodes (docs/operations.md).
     */
    private static final String STORE = """
            with item as materialized (
                select i.batch, m.account, m.device, i.rank, i.limited, i.envelope_id, i.size, i.sealed,
                       e.position is null as fresh,
                       count(*) over (partition by m.account) = i.items as whole
                  from unnest($1::integer[], $2::uuid[], $3::bigint[], $4::bytea[], $5::boolean[], $6::integer[],
                              $7::bigint[], $8::integer[], $9::uuid[], $10::integer[], $11::bytea[])
                       as i (batch, account, list_version, token, limited, items,
                             device, rank, envelope_id, size, sealed)
                  join recipient r
                    on r.account = i.account
                   and r.list_version = i.list_version
                   and (i.token is null or r.delivery_token_hash = i.token)
                  join mailbox m
                    on m.account = r.account
                   and m.device = i.device
                   and m.waiting + i.rank < $12
                   and m.waiting_bytes + i.size <= $13
                   and (not i.limited or m.limited + i.rank < $12 / 2 and m.limited_bytes + i.size <= $13 / 2)
                  left join lateral (
                       select w.position
                         from envelope w
                        where w.account = m.account and w.device = m.device and w.envelope_id = i.envelope_id
                        limit 1) e on true
            ),
            reserved as (
                update mailbox m
                   set next_position = m.next_position + n.span,
                       waiting = m.waiting + n.count,
                       waiting_bytes = m.waiting_bytes + n.bytes,
                       limited = m.limited + n.limited,
                       limited_bytes = m.limited_bytes + n.limited_bytes
                  from (select i.account, i.device, max(i.rank) + 1 as span,
                               count(*)::integer as count, sum(i.size) as bytes,
                               (count(*) filter (where i.limited))::integer as limited,
                               coalesce(sum(i.size) filter (where i.limited), 0) as limited_bytes
                          from item i
                         where i.whole and i.fresh
                         group by i.account, i.device
                         order by i.account, i.device) n
                 where m.account = n.account
                   and m.device = n.device
                   and m.waiting + n.count <= $12
                   and m.waiting_bytes + n.bytes <= $13
                   and (n.limited = 0
                        or m.limited + n.limited <= $12 / 2 and m.limited_bytes + n.limited_bytes <= $13 / 2)
                returning m.account, m.device, m.next_position - n.span as first, n.count
            ),
            inserted as (
                insert into envelope (account, device, position, envelope_id, received_at, size, limited, sealed)
                select i.account, i.device, r.first + i.rank, i.envelope_id, $14, i.size, i.limited, i.sealed
                  from item i
                  join reserved r on r.account = i.account and r.device = i.device
                 where i.whole and i.fresh
                    on conflict on constraint envelope_pk do nothing
                returning size
            ),
            exact as materialized (
                select 1 / ((select count(*) from inserted)
                            = (select coalesce(sum(r.count), 0) from reserved r))::integer as yes
            )
            select i.batch, (count(*) filter (where i.fresh))::integer as fresh
              from item i
              left join reserved r on r.account = i.account and r.device = i.device
             cross join exact
             group by i.batch
            having bool_and(i.whole and (not i.fresh or r.device is not null))
            """;

    private final MailboxDatabase database;
    private final MailboxSettings.Quota quota;
    private final StoredAt storedAt;

    GroupedStore(MailboxDatabase database, MailboxSettings settings, StoredAt storedAt) {
        this.database = database;
        this.quota = settings.quota();
        this.storedAt = storedAt;
    }

    /**
     * @param batches no two of them for one account
     * @return one outcome a batch, in their order; empty for what is left over
     */
    Uni<List<Optional<StoreOutcome>>> store(List<SealedBatch> batches) {
        return database.executeTogether(STORE, parameters(batches))
                .map(rows -> outcomes(batches, rows))
                .onFailure(PgException.class)
                .recoverWithItem(undone -> {
                    tell(undone);
                    return Collections.nCopies(batches.size(), Optional.empty());
                });
    }

    /** Two replicas that met are nothing to tell; whatever else it was, the single batch that did it will say. */
    private static void tell(PgException undone) {
        String sqlState = undone.getSqlState();
        if (!sqlState.equals(DIVISION_BY_ZERO) && !sqlState.startsWith(ROLLED_BACK)) {
            LOG.warnf("A group of batches is stored one by one (SQLSTATE %s)", sqlState);
        }
    }

    private Tuple parameters(List<SealedBatch> batches) {
        int count = batches.stream().mapToInt(batch -> batch.items().size()).sum();
        Columns columns = new Columns(count);
        for (int i = 0; i < batches.size(); i++) {
            columns.add(i, batches.get(i));
        }
        return columns.toTuple()
                .addLong((long) quota.envelopes())
                .addLong(quota.bytes().asLongValue())
                .addOffsetDateTime(storedAt.thisMinute());
    }

    private static List<Optional<StoreOutcome>> outcomes(List<SealedBatch> batches, RowSet<Row> rows) {
        List<Optional<StoreOutcome>> outcomes = new ArrayList<>(Collections.nCopies(batches.size(), Optional.empty()));
        for (Row row : rows) {
            int batch = row.getInteger("batch");
            int envelopes = batches.get(batch).items().size();
            outcomes.set(batch, Optional.of(StoreOutcome.Done.allStored(envelopes, row.getInteger("fresh"))));
        }
        return outcomes;
    }

    /** The envelopes of all batches, a parameter for each column. */
    private static final class Columns {

        private final Integer[] batches;
        private final UUID[] accounts;
        private final Long[] listVersions;
        private final Buffer[] tokens;
        private final Boolean[] limited;
        private final Integer[] items;
        private final Long[] devices;
        private final Integer[] ranks;
        private final UUID[] ids;
        private final Integer[] sizes;
        private final Buffer[] sealed;
        private int filled;

        Columns(int count) {
            batches = new Integer[count];
            accounts = new UUID[count];
            listVersions = new Long[count];
            tokens = new Buffer[count];
            limited = new Boolean[count];
            items = new Integer[count];
            devices = new Long[count];
            ranks = new Integer[count];
            ids = new UUID[count];
            sizes = new Integer[count];
            sealed = new Buffer[count];
        }

        void add(int number, SealedBatch sealedBatch) {
            Batch batch = sealedBatch.batch();
            Buffer token =
                    batch.token().map(hash -> Buffer.buffer(hash.bytes())).orElse(null);
            Map<Long, Integer> next = new HashMap<>();
            for (SealedBatch.Item item : sealedBatch.items()) {
                batches[filled] = number;
                accounts[filled] = batch.to().value();
                listVersions[filled] = batch.listVersion();
                tokens[filled] = token;
                limited[filled] = batch.limited();
                items[filled] = sealedBatch.items().size();
                devices[filled] = item.device();
                ranks[filled] = next.merge(item.device(), 1, Integer::sum) - 1;
                ids[filled] = item.id().value();
                sizes[filled] = item.size();
                sealed[filled] = Buffer.buffer(item.sealed());
                filled++;
            }
        }

        Tuple toTuple() {
            return Tuple.tuple()
                    .addArrayOfInteger(batches)
                    .addArrayOfUUID(accounts)
                    .addArrayOfLong(listVersions)
                    .addValue(tokens)
                    .addArrayOfBoolean(limited)
                    .addArrayOfInteger(items)
                    .addArrayOfLong(devices)
                    .addArrayOfInteger(ranks)
                    .addArrayOfUUID(ids)
                    .addArrayOfInteger(sizes)
                    .addValue(sealed);
        }
    }
}
