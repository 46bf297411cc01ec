package org.messengerp2p.auth.transparency;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.panache.common.Page;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.util.List;
import org.messengerp2p.kit.identity.AccountId;

/** Every leaf, without a gap. */
@ApplicationScoped
class StoredLeaves implements PanacheRepositoryBase<StoredLeaf, Long> {
    private static final String KNOWS_LIST = """
            select exists (select from key_leaf
                            where get_byte(leaf, 0) = 1 and substring(leaf from 2 for 20) = :key)
            """;

    private static final String LAST_SEQ_OF_NAME = """
            select substring(leaf from 50 for 4)
              from key_leaf
             where get_byte(leaf, 0) = 2 and substring(leaf from 2 for 32) = :name
             order by 1 desc
             limit 1
            """;

    /** At most so many from one on. */
    @WithSession
    Uni<List<byte[]>> from(long index, int most) {
        return find("index >= ?1", Sort.ascending("index"), index)
                .page(Page.ofSize(most))
                .list()
                .map(found -> found.stream().map(StoredLeaf::leaf).toList());
    }

    Uni<Boolean> knowsList(AccountId account, long version) {
        return getSession()
                .chain(session -> session.createNativeQuery(KNOWS_LIST, Boolean.class)
                        .setParameter("key", Leaf.listKey(account, version))
                        .getSingleResult());
    }

    /** The highest seq under which the name was given to an account; 0 if it never was. */
    Uni<Long> lastSeqOf(byte[] nameHash) {
        return getSession()
                .chain(session -> session.createNativeQuery(LAST_SEQ_OF_NAME, byte[].class)
                        .setParameter("name", nameHash)
                        .getSingleResultOrNull())
                .map(seq -> seq == null
                        ? 0
                        : Integer.toUnsignedLong(ByteBuffer.wrap(seq).getInt()));
    }
}
