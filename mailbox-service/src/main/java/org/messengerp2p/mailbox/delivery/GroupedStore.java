package org.messengerp2p.mailbox.delivery;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.MailboxDatabase;
import org.messengerp2p.mailbox.MailboxMetrics;
import org.messengerp2p.mailbox.MailboxSettings;

/**
 * Stores the batches of many requests in one statement and one commit (docs/adr/0027). It stores a batch whole or leaves
 * it over: one whose sender is not listed, whose list is not the directory's, whose token is wrong; one for a device that
 * is not listed, for a mailbox without room for it, or with several envelopes for one device; one with an envelope that
 * waits already. {@link SingleStore} says then why, or stores it.
 */
@ApplicationScoped
class GroupedStore {

    private static final Logger LOG = Logger.getLogger(GroupedStore.class);
    private static final String DIVISION_BY_ZERO = "22012";
    private static final String ROLLED_BACK = "40";

    /** Who sends an envelope again undoes the groups that are under way, and none in this time after them. */
    private static final Duration CAREFUL_FOR = Duration.ofSeconds(10);

    /**
     * Order without gaps: a position is taken from the row of the mailbox by an update, which holds the row until the
     * commit. So of two stores to one device the second takes its positions after the first has committed: whoever sees
     * an envelope sees every envelope with a smaller position, and a cursor passes none.
     *
     * <p>What {@code item} reads is as old as the statement's snapshot; the room in a mailbox is looked at again when
     * its row is held. For a batch to several devices it is looked at before too, lest one with room and one without be
     * stored in part here and be taken for a repeated one then. That a list is the newest: then the store comes before
     * the change of the list, and a mailbox that has ended meanwhile is not reserved.
     *
     * <p>An envelope that waits already is counted and not inserted; {@code exact} divides by zero then, and all of the
     * group is undone. So is a group that reserved a part of a batch, since a mailbox filled or ended in between. Where
     * that has just happened, each envelope is looked for before ($14 is 1 and not 0), and then only what another
     * replica does in between undoes a group. The limit keeps the look a look-up by the whole key: as a plain join it
     * may be planned as one that reads all that waits. It is where the parameter stands, since a condition that is false
     * hides from Citus how the tables belong together.
     *
     * <p>The mailboxes are held in the order of their devices, as by every other statement: no deadlock.
     *
     * <p>No account occurs in two batches of a group, and no device twice in a batch: a mailbox is in one row at most,
     * so nothing is summed up. No mailbox is locked by a select, which could not be spread over nodes
     * (docs/operations.md).
     */
    private static final String STORE = """
            with item as materialized (
                select i.batch, i.account, i.device, i.limited, i.items, i.envelope_id, i.size, i.sealed
                  from unnest($1::integer[], $2::uuid[], $3::bigint[], $4::bytea[], $5::boolean[], $6::integer[],
                              $7::bigint[], $8::uuid[], $9::integer[], $10::bytea[])
                       as i (batch, account, list_version, token, limited, items,
                             device, envelope_id, size, sealed)
                  join recipient r
                    on r.account = i.account
                   and r.list_version = i.list_version
                   and (i.token is null or r.delivery_token_hash = i.token)
                  left join lateral (
                       select w.position
                         from envelope w
                        where w.account = r.account and w.device = i.device and w.envelope_id = i.envelope_id
                        limit $14) e on true
                 where e.position is null
                   and (i.items = 1
                        or exists (
                           select from mailbox m
                            where m.account = r.account
                              and m.device = i.device
                              and m.waiting < $11
                              and m.waiting_bytes + i.size <= $12
                              and (not i.limited
                                   or m.limited < $11 / 2 and m.limited_bytes + i.size <= $12 / 2)))
            ),
            reserved as (
                update mailbox m
                   set next_position = m.next_position + 1,
                       waiting = m.waiting + 1,
                       waiting_bytes = m.waiting_bytes + i.size,
                       limited = m.limited + i.limited::integer,
                       limited_bytes = m.limited_bytes + i.limited::integer * i.size
                  from (select i.batch, i.items, i.account, i.device, i.limited, i.envelope_id, i.size,
                               i.sealed
                          from item i
                         where i.items = 1
                            or i.items = (select count(*) from item o where o.batch = i.batch)
                         order by i.account, i.device) i
                 where m.account = i.account
                   and m.device = i.device
                   and m.waiting < $11
                   and m.waiting_bytes + i.size <= $12
                   and (not i.limited or m.limited < $11 / 2 and m.limited_bytes + i.size <= $12 / 2)
                returning i.batch, i.items, m.account, m.device, m.next_position - 1 as position,
                          i.envelope_id, i.size, i.limited, i.sealed
            ),
            inserted as (
                insert into envelope (account, device, position, envelope_id, received_at, size, limited, sealed)
                select r.account, r.device, r.position, r.envelope_id, $13, r.size, r.limited, r.sealed
                  from reserved r
                    on conflict on constraint envelope_pk do nothing
                returning size
            ),
            exact as materialized (
                select 1 / ((select count(*) from inserted) = (select count(*) from reserved r)
                            and not exists (select from reserved r
                                             where r.items > 1
                                             group by r.batch, r.items
                                            having count(*) < r.items))::integer as yes
            )
            select r.batch from reserved r cross join exact
            """;

    /** The senders are not looked for by the statement above: their mailboxes lie with other accounts. */
    private static final String LISTED = """
            select i.batch
              from unnest($1::integer[], $2::uuid[], $3::bigint[]) as i (batch, account, device)
              join mailbox m on m.account = i.account and m.device = i.device
            """;

    private final MailboxDatabase database;
    private final MailboxSettings.Quota quota;
    private final StoredAt storedAt;
    private final MailboxMetrics metrics;
    private volatile long carefulUntil = System.nanoTime();

    GroupedStore(MailboxDatabase database, MailboxSettings settings, StoredAt storedAt, MailboxMetrics metrics) {
        this.database = database;
        this.quota = settings.quota();
        this.storedAt = storedAt;
        this.metrics = metrics;
    }

    /**
     * @param batches no two of them for one account
     * @return one outcome a batch, in their order; empty for what is left over
     */
    Uni<List<Optional<StoreOutcome>>> store(List<SealedBatch> batches) {
        return admitted(batches)
                .chain(admitted -> admitted.isEmpty()
                        ? Uni.createFrom().item(allLeftOver(batches))
                        : isCareful() ? carefully(batches, admitted) : boldly(batches, admitted))
                .onFailure(PgException.class)
                .recoverWithItem(undone -> {
                    tell(undone);
                    return allLeftOver(batches);
                });
    }

    private Uni<List<Optional<StoreOutcome>>> boldly(List<SealedBatch> batches, BitSet admitted) {
        return store(batches, admitted, false)
                .onFailure(GroupedStore::saysInexact)
                .recoverWithUni(() -> {
                    carefulUntil = System.nanoTime() + CAREFUL_FOR.toNanos();
                    metrics.groupUndone();
                    return carefully(batches, admitted);
                });
    }

    private Uni<List<Optional<StoreOutcome>>> carefully(List<SealedBatch> batches, BitSet admitted) {
        return store(batches, admitted, true);
    }

    private Uni<List<Optional<StoreOutcome>>> store(List<SealedBatch> batches, BitSet admitted, boolean careful) {
        Tuple parameters = parameters(batches, admitted).addLong(careful ? 1L : 0L);
        return database.executeTogether(STORE, parameters).map(rows -> outcomes(batches, rows));
    }

    private static List<Optional<StoreOutcome>> allLeftOver(List<SealedBatch> batches) {
        return Collections.nCopies(batches.size(), Optional.empty());
    }

    private boolean isCareful() {
        return System.nanoTime() - carefulUntil < 0;
    }

    private static boolean saysInexact(Throwable failure) {
        return failure instanceof PgException undone && DIVISION_BY_ZERO.equals(undone.getSqlState());
    }

    /**
     * Numbers of the batches that may be stored in a group: by a token, or from a device that is listed. Where the
     * senders cannot be looked for, as with a node of a cluster away, those by a token.
     */
    private Uni<BitSet> admitted(List<SealedBatch> batches) {
        BitSet admitted = new BitSet(batches.size());
        List<Integer> signedIn = new ArrayList<>();
        for (int i = 0; i < batches.size(); i++) {
            SealedBatch sealed = batches.get(i);
            if (sealed.bringsADeviceSeveral()) {
                continue;
            }
            if (sealed.batch().sender().isPresent()) {
                signedIn.add(i);
            } else {
                admitted.set(i);
            }
        }
        if (signedIn.isEmpty()) {
            return Uni.createFrom().item(admitted);
        }
        return database.executeTogether(LISTED, senders(batches, signedIn))
                .invoke(rows -> rows.forEach(row -> admitted.set(row.getInteger(0))))
                .replaceWith(admitted)
                .onFailure(PgException.class)
                .recoverWithItem(undone -> {
                    tell(undone);
                    return admitted;
                });
    }

    private static Tuple senders(List<SealedBatch> batches, List<Integer> signedIn) {
        List<Device> senders = signedIn.stream()
                .map(number -> batches.get(number).batch().sender().orElseThrow())
                .toList();
        return Tuple.tuple()
                .addArrayOfInteger(signedIn.toArray(Integer[]::new))
                .addArrayOfUUID(
                        senders.stream().map(sender -> sender.account().value()).toArray(UUID[]::new))
                .addArrayOfLong(
                        senders.stream().map(sender -> sender.device().value()).toArray(Long[]::new));
    }

    /** Two that met are nothing to tell; whatever else it was, the single batch that did it will say. */
    private void tell(PgException undone) {
        String sqlState = undone.getSqlState();
        if (saysInexact(undone)) {
            metrics.groupUndone();
        } else if (!sqlState.startsWith(ROLLED_BACK)) {
            LOG.warnf("A group of batches is stored one by one (SQLSTATE %s)", sqlState);
        }
    }

    private Tuple parameters(List<SealedBatch> batches, BitSet admitted) {
        Columns columns = new Columns(admitted.stream()
                .map(number -> batches.get(number).items().size())
                .sum());
        admitted.stream().forEach(number -> columns.add(number, batches.get(number)));
        return columns.toTuple()
                .addLong((long) quota.envelopes())
                .addLong(quota.bytes().asLongValue())
                .addOffsetDateTime(storedAt.thisMinute());
    }

    private static List<Optional<StoreOutcome>> outcomes(List<SealedBatch> batches, RowSet<Row> rows) {
        int[] stored = new int[batches.size()];
        for (Row row : rows) {
            stored[row.getInteger(0)]++;
        }
        List<Optional<StoreOutcome>> outcomes = new ArrayList<>(stored.length);
        for (int i = 0; i < stored.length; i++) {
            int envelopes = batches.get(i).items().size();
            outcomes.add(
                    stored[i] == envelopes ? Optional.of(StoreOutcome.Done.allStored(envelopes)) : Optional.empty());
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
            ids = new UUID[count];
            sizes = new Integer[count];
            sealed = new Buffer[count];
        }

        void add(int number, SealedBatch sealedBatch) {
            Batch batch = sealedBatch.batch();
            Buffer token =
                    batch.token().map(hash -> Buffer.buffer(hash.bytes())).orElse(null);
            for (SealedBatch.Item item : sealedBatch.items()) {
                batches[filled] = number;
                accounts[filled] = batch.to().value();
                listVersions[filled] = batch.listVersion();
                tokens[filled] = token;
                limited[filled] = batch.limited();
                items[filled] = sealedBatch.items().size();
                devices[filled] = item.device();
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
                    .addArrayOfUUID(ids)
                    .addArrayOfInteger(sizes)
                    .addValue(sealed);
        }
    }
}
