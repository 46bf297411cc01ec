package org.messengerp2p.auth.prekey;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.messengerp2p.auth.secret.ServerSecrets;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;

/**
 * The hand-out of one-time keys. One statement picks, deletes and returns them, so that no two requests get the same
 * key on whichever replica; when the stock is low it rations each requester (MP2P/1 §20, point 5).
 */
@ApplicationScoped
class OneTimeKeys {
    // One hand-out of a device after the other: the second must see the stock that the first one left, and its ration.
    private static final String HOLD_DEVICE = "select 1 from pg_advisory_xact_lock(:device)";

    private static final String TAKE = """
            with stock as (
                select kind, count(*) as left_over
                  from prekey
                 where account_id = :account and device_id = :device and kind in (2, 4) and created_ms > :oldest
                 group by kind
            ), allowed as (
                select kind, left_over < :low as is_low
                  from stock
                 where left_over >= :low
                    or not exists (
                        select from prekey_ration
                         where ration_key = case kind when 2 then cast(:opkRation as bytea) else cast(:pqoRation as bytea) end and ends_at > :now)
            ), opk as (
                select kind, key_id
                  from prekey
                 where account_id = :account and device_id = :device and kind = 2 and created_ms > :oldest
                   and exists (select from allowed where kind = 2)
                 order by created_ms, key_id
                 limit 1
                   for update skip locked
            ), pqo as (
                select kind, key_id
                  from prekey
                 where account_id = :account and device_id = :device and kind = 4 and created_ms > :oldest
                   and exists (select from allowed where kind = 4)
                 order by created_ms, key_id
                 limit 1
                   for update skip locked
            ), taken as (
                delete from prekey
                 using (select * from opk union all select * from pqo) as chosen
                 where account_id = :account and device_id = :device
                   and prekey.kind = chosen.kind and prekey.key_id = chosen.key_id
                returning prekey.*
            ), retired as (
                insert into retired_prekey (account_id, device_id, kind, key_id, record_hash, retired_at)
                select account_id, device_id, kind, key_id, sha256(record), cast(:now as timestamptz) from taken
            ), rationed as (
                insert into prekey_ration (ration_key, ends_at)
                select case taken.kind when 2 then cast(:opkRation as bytea) else cast(:pqoRation as bytea) end, cast(:rationEnds as timestamptz)
                  from taken join allowed using (kind)
                 where is_low
                on conflict (ration_key) do update set ends_at = excluded.ends_at
            )
            select account_id, device_id, kind, key_id, created_ms, record from taken
            """;

    private final Prekeys prekeys;
    private final PrekeySettings settings;
    private final ServerSecrets secrets;
    private final Clock clock;

    OneTimeKeys(Prekeys prekeys, PrekeySettings settings, ServerSecrets secrets, Clock clock) {
        this.prekeys = prekeys;
        this.settings = settings;
        this.secrets = secrets;
        this.clock = clock;
    }

    /** At most one OPK and one PQO of the device, in the caller's transaction. */
    Uni<List<Prekey>> take(AccountId requester, Device device) {
        Instant now = clock.instant();
        return prekeys.getSession()
                .chain(session -> session.createNativeQuery(HOLD_DEVICE, Integer.class)
                        .setParameter("device", lock(device))
                        .getSingleResult()
                        .chain(held -> session.createNativeQuery(TAKE, Prekey.class)
                                .setParameter("account", device.account().value())
                                .setParameter("device", device.device().value())
                                .setParameter(
                                        "oldest",
                                        now.minus(settings.oneTimeLife()).toEpochMilli())
                                .setParameter("low", (long) settings.lowStock())
                                .setParameter("opkRation", rationKey(requester, device, PrekeyKind.OPK))
                                .setParameter("pqoRation", rationKey(requester, device, PrekeyKind.PQO))
                                .setParameter("now", now)
                                .setParameter("rationEnds", now.plus(settings.ration()))
                                .getResultList()));
    }

    /** Two devices that share a number wait for each other at times, and nothing else. */
    private static long lock(Device device) {
        ByteBuffer account = ByteBuffer.wrap(device.account().bytes());
        return account.getLong() ^ account.getLong() ^ device.device().value();
    }

    /** Names the pair without saying who it is: the database does not tell who wants to talk to whom. */
    private byte[] rationKey(AccountId requester, Device device, PrekeyKind kind) {
        return secrets.blinded(ByteBuffer.allocate(16 + 16 + 8 + 2)
                .put(requester.bytes())
                .put(device.account().bytes())
                .putLong(device.device().value())
                .putShort(kind.code())
                .array());
    }
}
