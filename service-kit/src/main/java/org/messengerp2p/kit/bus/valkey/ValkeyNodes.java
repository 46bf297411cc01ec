package org.messengerp2p.kit.bus.valkey;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.messengerp2p.kit.bus.BusSettings;
import org.messengerp2p.kit.identity.AccountId;

/**
 * The nodes that carry the bus, and which of them carries what concerns an account: everything of an account is at one,
 * so that a script of Valkey finds it together. Each account has the nodes in an order of its own and is at the first
 * (rendezvous hashing): all processes agree without asking, in whatever order they are told the nodes, and a node that is
 * added takes its share and moves nothing else. A node that is away is not stood in for: processes that saw that at
 * different times would speak past each other, and what is lost costs a delay alone.
 */
@Singleton
public class ValkeyNodes {

    private final List<Node> nodes = new ArrayList<>();

    /** @param hash of its name */
    private record Node(ValkeyLink link, long hash) {}

    @Inject
    ValkeyNodes(Vertx vertx, ValkeyOptions options, BusSettings settings, MeterRegistry meters) {
        this(vertx, options.ofEachNode(settings), settings, meters);
    }

    ValkeyNodes(Vertx vertx, List<RedisOptions> each, BusSettings settings, MeterRegistry meters) {
        for (RedisOptions options : each) {
            String name = ValkeyOptions.nameOf(options);
            nodes.add(new Node(new ValkeyLink(vertx, options, name, each.size() == 1, settings, meters), hash(name)));
        }
    }

    public List<ValkeyLink> all() {
        return nodes.stream().map(Node::link).toList();
    }

    /** The node of an account. */
    public ValkeyLink of(AccountId account) {
        Node first = nodes.get(0);
        if (nodes.size() == 1) {
            return first.link;
        }
        long key = account.value().getMostSignificantBits()
                ^ Long.rotateLeft(account.value().getLeastSignificantBits(), 32);
        long highest = mix(key ^ first.hash);
        for (Node node : nodes) {
            long score = mix(key ^ node.hash);
            if (Long.compareUnsigned(score, highest) > 0) {
                highest = score;
                first = node;
            }
        }
        return first.link;
    }

    @PreDestroy
    void end() {
        nodes.forEach(node -> node.link.end());
    }

    /** FNV-1a, mixed. */
    private static long hash(String name) {
        long hash = 0xcbf29ce484222325L;
        for (int at = 0; at < name.length(); at++) {
            hash = (hash ^ name.charAt(at)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    /** The finaliser of SplitMix64: every bit of the value moves every bit of the result. */
    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
