package org.messengerp2p.standalone.inprocess;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.messengerp2p.auth.device.PublishedRevocations;
import org.messengerp2p.signaling.revocation.Revocations;

/** signaling-service asks auth-service which devices were removed. */
@ApplicationScoped
public class LocalRevocations implements Revocations {

    private final PublishedRevocations published;

    LocalRevocations(PublishedRevocations published) {
        this.published = published;
    }

    @Override
    public Uni<Answer> since(Optional<String> cursor) {
        return published.since(cursor).map(page -> new Answer(page.devices(), page.next(), page.more()));
    }
}
