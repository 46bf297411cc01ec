package org.messengerp2p.auth.transparency;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.messengerp2p.auth.ServerSettings;
import org.messengerp2p.auth.account.Username;
import org.messengerp2p.auth.device.DeviceList;
import org.messengerp2p.kit.identity.AccountId;

/**
 * What every client sees of who has which keys (MP2P/1 §10.1). Written in the transaction of the list or name, as its
 * last act: there is one writer at a time, and the next one waits from here to the end of that transaction only.
 * Nothing is locked after it, so nobody who holds the log waits for anybody.
 */
@ApplicationScoped
public class KeyLog {
    private static final long FIRST_VERSION = 1;

    private final StoredLeaves leaves;
    private final LogStates states;
    private final ServerSettings server;

    KeyLog(StoredLeaves leaves, LogStates states, ServerSettings server) {
        this.leaves = leaves;
        this.states = states;
        this.server = server;
    }

    /**
     * Whether an account was ever registered under this id, also one that is gone: its leaves stay, and a second first
     * list would contradict them for ever. In the caller's session.
     */
    public Uni<Boolean> knows(AccountId account) {
        return leaves.knowsList(account, FIRST_VERSION);
    }

    /** That a name stands for a new account from now on, and its first list. In the caller's transaction, last. */
    public Uni<Void> begin(Username name, DeviceList first) {
        byte[] nameHash = Leaf.nameHash(server.canonicalHost(), name);
        // The name's row is ours until the commit, so nobody else takes this number.
        return leaves.lastSeqOf(nameHash)
                .chain(last -> append(List.of(Leaf.name(nameHash, first.account(), last + 1), Leaf.of(first))));
    }

    /** The next list of an account. In the caller's transaction, last. */
    public Uni<Void> add(DeviceList next) {
        return append(List.of(Leaf.of(next)));
    }

    Uni<Void> append(List<Leaf> added) {
        // What the transaction has still to write goes before: it is not to be waited for by others.
        return leaves.flush().chain(states::held).chain(log -> leaves.persist(log.append(added)));
    }
}
