package org.messengerp2p.kit.bus.valkey;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.BusListener;
import org.messengerp2p.kit.bus.Subscription;
import org.messengerp2p.kit.bus.Topic;

/** Who listens to what at one node. */
final class Channels implements ValkeyLink.Listener {

    private final ValkeyLink link;
    private final Runnable received;
    private final Runnable malformed;

    /** By channel; on the event loop of the link alone. */
    private final Map<String, Listeners> channels = new HashMap<>();
    /** SUBSCRIBE commands of a channel without an answer: of several, the last that is answered counts. */
    private final Map<String, Integer> unconfirmed = new HashMap<>();

    /**
     * @param received runs for each event that comes
     * @param malformed runs for each message that is no event
     */
    Channels(ValkeyLink link, Runnable received, Runnable malformed) {
        this.link = link;
        this.received = received;
        this.malformed = malformed;
    }

    /** Who listens to one channel. */
    private static final class Listeners {

        private final Topic topic;
        private final List<BusListener> all = new ArrayList<>();
        private boolean active;

        private Listeners(Topic topic) {
            this.topic = topic;
        }
    }

    Subscription subscribe(Topic topic, BusListener listener) {
        link.run(() -> add(topic, listener));
        return () -> link.run(() -> remove(topic, listener));
    }

    private void add(Topic topic, BusListener listener) {
        String channel = EventPayload.channel(topic);
        Listeners present = channels.get(channel);
        if (present == null) {
            present = new Listeners(topic);
            channels.put(channel, present);
            if (link.subscribe(List.of(channel))) {
                unconfirmed.merge(channel, 1, Integer::sum);
            }
        }
        present.all.add(listener);
        if (present.active) {
            listener.begun();
        }
    }

    private void remove(Topic topic, BusListener listener) {
        String channel = EventPayload.channel(topic);
        Listeners present = channels.get(channel);
        if (present != null && present.all.remove(listener) && present.all.isEmpty()) {
            channels.remove(channel);
            link.unsubscribe(List.of(channel));
        }
    }

    @Override
    public void up() {
        channels.keySet().forEach(channel -> unconfirmed.put(channel, 1));
        link.subscribe(channels.keySet());
    }

    @Override
    public void down() {
        unconfirmed.clear();
        channels.values().forEach(listeners -> listeners.active = false);
    }

    @Override
    public void subscribed(String channel) {
        if (unconfirmed.computeIfPresent(channel, (key, count) -> count == 1 ? null : count - 1) != null) {
            return;
        }
        Listeners present = channels.get(channel);
        if (present != null && !present.active) {
            present.active = true;
            List.copyOf(present.all).forEach(BusListener::begun);
        }
    }

    @Override
    public void arrived(String channel, Buffer payload) {
        Listeners present = channels.get(channel);
        if (present == null) {
            return;
        }
        Optional<BusEvent> event = EventPayload.parse(present.topic, payload);
        if (event.isEmpty()) {
            malformed.run();
            return;
        }
        received.run();
        List.copyOf(present.all).forEach(listener -> listener.on(event.get()));
    }
}
