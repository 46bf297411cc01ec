package org.messengerp2p.signaling.socket;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.signaling.SignalingSettings;
import org.messengerp2p.signaling.connection.MemoryShare;

/** How many sockets are open, from one address, of one account and in all. One that is closing counts until it is gone. */
@Startup
@ApplicationScoped
class OpenSockets {

    /** What one socket may take of the heap, and outside of it: twice what an idle one holds. */
    private static final long MEMORY_PER_SOCKET = 24 * 1024;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final int mostByAddress;
    private final int mostByAccount;
    private final int most;
    private final Map<AddressPrefix, Neighbours> byAddress = new HashMap<>();
    private final Map<AccountId, Integer> byAccount = new HashMap<>();
    private final Set<Channel> channels = new HashSet<>();
    private final Set<EventLoop> loops = new HashSet<>();
    private boolean ended;

    OpenSockets(SignalingSettings settings, MeterRegistry meters) {
        this.mostByAddress = settings.limits().socketsByAddress();
        this.mostByAccount = settings.limits().socketsByAccount();
        this.most = settings.limits().sockets().orElse((int)
                Math.min(Integer.MAX_VALUE, MemoryShare.ofTheProcess() / MEMORY_PER_SOCKET));
        Gauge.builder("mp2p.signaling.sockets", this, OpenSockets::open)
                .description("Open WebSockets, those that are closing among them")
                .register(meters);
    }

    /** Whether there is room for one more. */
    sealed interface Outcome {}

    /** Room is taken and must be given back. */
    record Taken(Neighbours neighbours) implements Outcome {}

    /** There is none. */
    record Refused(ProblemException why) implements Outcome {}

    /**
     * @param channel what is about to become a socket
     * @param shared what the sockets of an address share that has none yet
     */
    synchronized Outcome take(Channel channel, AddressPrefix from, AccountId account, Supplier<Neighbours> shared) {
        if (ended) {
            return new Refused(ProblemException.retryAfter(
                    CommonProblem.UNAVAILABLE, "The service stops; another one takes over.", RETRY_AFTER));
        }
        if (channels.size() == most) {
            return new Refused(ProblemException.retryAfter(
                    CommonProblem.UNAVAILABLE, "The service has as many sockets as it can hold.", RETRY_AFTER));
        }
        Neighbours present = byAddress.get(from);
        if (present != null && present.open() >= mostByAddress) {
            return busy("Too many sockets are open from this address.");
        }
        if (byAccount.getOrDefault(account, 0) >= mostByAccount) {
            return busy("Too many sockets of this account are open.");
        }
        channels.add(channel);
        loops.add(channel.eventLoop());
        Neighbours neighbours = byAddress.computeIfAbsent(from, key -> shared.get());
        neighbours.add(1);
        byAccount.merge(account, 1, Integer::sum);
        return new Taken(neighbours);
    }

    synchronized void giveBack(Channel channel, AddressPrefix from, AccountId account) {
        channels.remove(channel);
        byAddress.computeIfPresent(from, (key, neighbours) -> {
            neighbours.add(-1);
            return neighbours.open() == 0 ? null : neighbours;
        });
        byAccount.computeIfPresent(account, (key, open) -> open == 1 ? null : open - 1);
    }

    synchronized int open() {
        return channels.size();
    }

    /** Those that are open now, or about to be. */
    synchronized List<Channel> channels() {
        return List.copyOf(channels);
    }

    /** Lets in no more; those that are open yet. */
    synchronized List<Channel> end() {
        ended = true;
        return List.copyOf(channels);
    }

    /** The event loops of all that ever were open. */
    synchronized Set<EventLoop> loops() {
        return Set.copyOf(loops);
    }

    private static Refused busy(String detail) {
        return new Refused(ProblemException.retryAfter(CommonProblem.BUSY, detail, RETRY_AFTER));
    }
}
