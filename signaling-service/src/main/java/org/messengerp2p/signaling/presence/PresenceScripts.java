package org.messengerp2p.signaling.presence;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.valkey.EventPayload;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;

/**
 * Presence as Valkey keeps it: a hash for each account, in it for each device {@code owner epoch ends}, times in
 * microseconds by Valkey's clock alone. What must not be torn apart is a script, which Valkey runs whole.
 */
final class PresenceScripts {

    /**
     * Takes devices for their owners. A device that is held by another stays where the connection is newer; of two
     * connections the epoch, the time at which it was opened, tells. Returns for each device the epoch of its owner,
     * or 0 where another holds it.
     */
    private static final String CLAIM = """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            local life = tonumber(ARGV[1])
            local answers = {}
            for i, account in ipairs(KEYS) do
                local at = 1 + (i - 1) * 8
                local device, owner = ARGV[at + 1], ARGV[at + 2]
                local epoch = tonumber(ARGV[at + 3])
                if epoch == 0 then epoch = now - tonumber(ARGV[at + 4]) end
                local held = redis.call('HGET', account, device)
                local holder, since, ends
                if held then holder, since, ends = string.match(held, '^(%S+) (%d+) (%d+)$') end
                if holder and holder ~= owner and tonumber(ends) > now and tonumber(since) >= epoch then
                    answers[i] = '0'
                else
                    local entry = string.format('%s %.0f %.0f', owner, epoch, now + life)
                    redis.call('HSET', account, device, entry)
                    redis.call('PEXPIRE', account, math.floor(life / 1000))
                    if holder ~= owner then
                        redis.call('PUBLISH', ARGV[at + 5], ARGV[at + 6])
                        redis.call('PUBLISH', ARGV[at + 7], ARGV[at + 8])
                    end
                    answers[i] = string.format('%.0f', epoch)
                end
            end
            return answers
            """;

    /** Gives devices up, each unless another owner has it. */
    private static final String RELEASE = """
            for i, account in ipairs(KEYS) do
                local at = (i - 1) * 4
                local held = redis.call('HGET', account, ARGV[at + 1])
                if held and string.match(held, '^%S+') == ARGV[at + 2] then
                    redis.call('HDEL', account, ARGV[at + 1])
                    redis.call('PUBLISH', ARGV[at + 3], ARGV[at + 4])
                end
            end
            return 0
            """;

    /** For each account: device, owner, device, owner … of those whose time has not ended. */
    private static final String READ = """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            local answers = {}
            for i, account in ipairs(KEYS) do
                local entries = redis.call('HGETALL', account)
                local held = {}
                for at = 1, #entries, 2 do
                    local owner, ends = string.match(entries[at + 1], '^(%S+) %d+ (%d+)$')
                    if owner and tonumber(ends) > now then
                        held[#held + 1] = entries[at]
                        held[#held + 1] = owner
                    end
                end
                answers[i] = held
            end
            return answers
            """;

    private static final int BYTES_PER_ENTRY = 320;

    private PresenceScripts() {}

    static Request claim(List<HeldDevice> held, long lifeMicros) {
        Request request = Request.cmd(Command.EVAL).arg(CLAIM).arg(held.size());
        held.forEach(each -> request.arg(key(each.device().account())));
        request.arg(lifeMicros);
        for (HeldDevice each : held) {
            Device device = each.device();
            BusEvent claimed = new BusEvent.Claimed(device);
            BusEvent changed = new BusEvent.PresenceChanged(device.account());
            request.arg(device.device().value())
                    .arg(each.owner())
                    .arg(each.epoch())
                    .arg(each.ageMicros())
                    .arg(EventPayload.channel(claimed.topic()))
                    .arg(EventPayload.of(claimed))
                    .arg(EventPayload.channel(changed.topic()))
                    .arg(EventPayload.of(changed));
        }
        return request;
    }

    static Request release(List<HeldDevice> held) {
        Request request = Request.cmd(Command.EVAL).arg(RELEASE).arg(held.size());
        held.forEach(each -> request.arg(key(each.device().account())));
        for (HeldDevice each : held) {
            BusEvent changed = new BusEvent.PresenceChanged(each.device().account());
            request.arg(each.device().device().value())
                    .arg(each.owner())
                    .arg(EventPayload.channel(changed.topic()))
                    .arg(EventPayload.of(changed));
        }
        return request;
    }

    static Request read(List<AccountId> accounts) {
        Request request = Request.cmd(Command.EVAL).arg(READ).arg(accounts.size());
        accounts.forEach(account -> request.arg(key(account)));
        return request;
    }

    /** What a command about so many devices or accounts holds, about. */
    static int length(int number) {
        return CLAIM.length() + number * BYTES_PER_ENTRY;
    }

    private static String key(AccountId account) {
        return "mp2p:presence:" + account.base64url();
    }
}
