package org.messengerp2p.signaling.presence;

import io.quarkus.arc.DefaultBean;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.messengerp2p.kit.identity.AccountId;

/**
 * Believes every token of the right length. <b>What that means:</b> whoever knows the id of an account can learn
 * when its devices are connected and send frames to them. What is in the frames stays end-to-end encrypted, and the
 * clients' own rules (MP2P/1 §6.4) hold. A bean of {@link WatchPermission} that asks mailbox-service, which keeps the
 * hashes of the tokens, takes this one's place by being there.
 */
@ApplicationScoped
@DefaultBean
class UncheckedWatchPermission implements WatchPermission {

    @Override
    public Uni<Set<AccountId>> permitted(List<ShownToken> shown) {
        return Uni.createFrom().item(shown.stream().map(ShownToken::account).collect(Collectors.toUnmodifiableSet()));
    }
}
