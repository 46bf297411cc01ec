package org.messengerp2p.mailbox.archive;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.mailbox.MailboxDatabase;
import org.messengerp2p.mailbox.sealing.ArchiveSeal;

/**
 * Rows of archives that another key than the newest has sealed. Whoever looks walks along the key of the table, a few
 * rows a statement, for most of them are as they should be; only of the others the bytes are read.
 */
@ApplicationScoped
public class OldSeals {

    /** Rows a statement looks at: 8 MiB if all are long and old. */
    static final int PAGE_SIZE = 32;

    private static final String SEGMENTS = """
            select s.account, s.device, s.gen, s.seg_no as first, s.rev as second,
                   case when substring(s.sealed from 1 for octet_length($6::bytea)) <> $6 then s.sealed end as sealed
              from archive_segment s
             where (s.account, s.device, s.gen, s.seg_no, s.rev) > ($1, $2, $3, $4, $5)
             order by s.account, s.device, s.gen, s.seg_no, s.rev
             limit $7
            """;

    private static final String MANIFESTS = """
            select m.account, m.device, m.gen, m.man_no as first, 0::bigint as second,
                   case when substring(m.sealed from 1 for octet_length($4::bytea)) <> $4 then m.sealed end as sealed
              from archive_manifest m
             where (m.account, m.device, m.gen) > ($1, $2, $3)
             order by m.account, m.device, m.gen
             limit $5
            """;

    /** Unless it has gone meanwhile, or another replica was faster. */
    private static final String REPLACE_SEGMENT = """
            update archive_segment s
               set sealed = $7
             where s.account = $1 and s.device = $2 and s.gen = $3 and s.seg_no = $4 and s.rev = $5
               and substring(s.sealed from 1 for octet_length($6::bytea)) <> $6
            """;

    private static final String REPLACE_MANIFEST = """
            update archive_manifest m
               set sealed = $6
             where m.account = $1 and m.device = $2 and m.gen = $3 and m.man_no = $4
               and substring(m.sealed from 1 for octet_length($5::bytea)) <> $5
            """;

    private final MailboxDatabase database;

    OldSeals(MailboxDatabase database) {
        this.database = database;
    }

    /** @param sealed null where the newest key has sealed it */
    record Found(ArchiveSeal.Row row, byte[] sealed) {}

    /** Before every row; no account has this id, which is a hash. */
    static ArchiveSeal.Row beginning(ArchiveSeal.Table table) {
        return new ArchiveSeal.Row(table, new AccountId(new UUID(0, 0)), new DeviceId(1), 0, 0, 0);
    }

    /**
     * @param newest how rows begin that are as they should be
     * @return at most {@link #PAGE_SIZE} rows behind this one
     */
    Uni<List<Found>> behind(ArchiveSeal.Row after, byte[] newest) {
        boolean segments = after.table() == ArchiveSeal.Table.SEGMENT;
        Tuple parameters = segments ? segment(after) : series(after);
        parameters.addBuffer(Buffer.buffer(newest)).addInteger(PAGE_SIZE);
        return database.executeInBackground(segments ? SEGMENTS : MANIFESTS, parameters)
                .map(rows -> {
                    List<Found> found = new ArrayList<>(rows.size());
                    rows.forEach(row -> found.add(found(after.table(), row)));
                    return found;
                });
    }

    /** @return whether it was replaced */
    Uni<Boolean> replace(ArchiveSeal.Row row, byte[] newest, byte[] sealed) {
        boolean segment = row.table() == ArchiveSeal.Table.SEGMENT;
        Tuple parameters = segment ? segment(row) : series(row).addLong(row.first());
        parameters.addBuffer(Buffer.buffer(newest)).addBuffer(Buffer.buffer(sealed));
        return database.executeInBackground(segment ? REPLACE_SEGMENT : REPLACE_MANIFEST, parameters)
                .map(rows -> rows.rowCount() == 1);
    }

    private static Tuple series(ArchiveSeal.Row row) {
        return Tuple.of(row.account().value(), row.device().value(), row.gen());
    }

    private static Tuple segment(ArchiveSeal.Row row) {
        return series(row).addLong(row.first()).addLong(row.second());
    }

    private static Found found(ArchiveSeal.Table table, Row row) {
        Buffer sealed = row.getBuffer("sealed");
        ArchiveSeal.Row place = new ArchiveSeal.Row(
                table,
                new AccountId(row.getUUID("account")),
                new DeviceId(row.getLong("device")),
                row.getLong("gen"),
                row.getLong("first"),
                row.getLong("second"));
        return new Found(place, sealed == null ? null : sealed.getBytes());
    }
}
