package org.messengerp2p.standalone.inprocess;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.messengerp2p.mailbox.delivery.DeliveryTokens;
import org.messengerp2p.mailbox.delivery.ShownDeliveryToken;
import org.messengerp2p.signaling.presence.ShownToken;
import org.messengerp2p.signaling.presence.WatchPermission;

/** signaling-service asks mailbox-service which delivery tokens are right. */
@ApplicationScoped
public class LocalWatchPermission implements WatchPermission {

    private final DeliveryTokens tokens;

    LocalWatchPermission(DeliveryTokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public Uni<Set<ShownToken>> right(List<ShownToken> shown) {
        List<ShownDeliveryToken> asked = shown.stream()
                .map(each -> new ShownDeliveryToken(each.account(), each.token()))
                .toList();
        return tokens.areRight(asked)
                .map(right -> IntStream.range(0, shown.size())
                        .filter(right::get)
                        .mapToObj(shown::get)
                        .collect(Collectors.toUnmodifiableSet()));
    }
}
