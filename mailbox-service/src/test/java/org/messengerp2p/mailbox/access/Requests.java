package org.messengerp2p.mailbox.access;

import static org.messengerp2p.mailbox.MailboxApi.base64url;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.MailboxApi;
import org.messengerp2p.mailbox.access.Scene.Target;

/** A valid request for each call of the document, about what is the owner's or what does not exist. */
final class Requests {
    private static final String MAILBOX = "/api/mailbox/v1";

    /** What is asked. @param body null for none */
    record Request(String path, Object body) {}

    private static final Map<String, Function<Target, Request>> MAKERS = new HashMap<>(Map.of(
            "GET " + MAILBOX + "/openapi", target -> new Request(MAILBOX + "/openapi", null),
            "POST " + MAILBOX + "/deliver", target -> new Request(MAILBOX + "/deliver", delivery(target)),
            "POST " + MAILBOX + "/messages",
                    target -> new Request(MAILBOX + "/messages", batch(target).toString()),
            "GET " + MAILBOX + "/collect", target -> new Request(MAILBOX + "/collect", null),
            "POST " + MAILBOX + "/ack",
                    target -> new Request(
                            MAILBOX + "/ack",
                            Map.of("ids", List.of(target.envelopeId().base64url()))),
            "PUT " + MAILBOX + "/delivery-token",
                    target -> new Request(
                            MAILBOX + "/delivery-token",
                            Map.of("hash", base64url(MailboxApi.sha256(target.envelope()))))));

    static {
        String archive = MAILBOX + "/archive";
        String series = archive + "/{device_id}/{gen}";
        MAKERS.put("DELETE " + archive, target -> new Request(archive, null));
        MAKERS.put("GET " + archive + "/manifests", target -> new Request(archive + "/manifests", null));
        MAKERS.put("GET " + series + "/segments", target -> new Request(series(target) + "/segments", null));
        MAKERS.put("GET " + series + "/{seg_no}/{rev}", target -> new Request(series(target) + "/0/0", null));
        MAKERS.put(
                "PUT " + series + "/{seg_no}/{rev}",
                target -> new Request(series(target) + "/0/1", Map.of("segment", base64url(target.envelope()))));
        MAKERS.put(
                "PUT " + series + "/manifest",
                target -> new Request(
                        series(target) + "/manifest", Map.of("man_no", 2, "manifest", base64url(target.envelope()))));
    }

    private Requests() {}

    /** @return empty for a call that is not tabled here */
    static Optional<Request> of(String call, Target target) {
        return Optional.ofNullable(MAKERS.get(call)).map(maker -> maker.apply(target));
    }

    private static String series(Target target) {
        return MAILBOX + "/archive/" + target.device().device().value() + "/1";
    }

    private static String delivery(Target target) {
        return batch(target).put("token", base64url(target.token())).toString();
    }

    /** One that does not wait yet. */
    private static ObjectNode batch(Target target) {
        byte[] envelope = new byte[100];
        ThreadLocalRandom.current().nextBytes(envelope);
        return MailboxApi.batch(
                target.device().account(), target.listVersion(), Addressed.to(target.device(), envelope));
    }
}
