package org.messengerp2p.kit.bus.valkey;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.BusListener;
import org.messengerp2p.kit.bus.BusSettings;
import org.messengerp2p.kit.bus.DeviceBus;
import org.messengerp2p.kit.bus.Subscription;
import org.messengerp2p.kit.bus.Topic;

/**
 * The bus between processes: a channel of Valkey for each topic, plain publish and subscribe. Channels are per device
 * and account, so that several nodes could share them out by name.
 */
@Singleton
@Typed(ValkeyDeviceBus.class)
public class ValkeyDeviceBus implements DeviceBus {

    private final ValkeyLink link;
    private final long answerMillis;
    private final Counter published;
    private final Counter dropped;
    private final Counter received;
    private final Counter malformed;

    /** By channel; on the event loop of the link alone. */
    private final Map<String, Listeners> channels = new HashMap<>();
    /** SUBSCRIBE commands of a channel without an answer: of several, the last that is answered counts. */
    private final Map<String, Integer> unconfirmed = new HashMap<>();

    ValkeyDeviceBus(ValkeyLink link, BusSettings settings, MeterRegistry meters) {
        this.link = link;
        this.answerMillis = settings.answer().toMillis();
        this.published = Counter.builder("mp2p.bus.published")
                .description("Events that Valkey has taken")
                .register(meters);
        this.dropped = Counter.builder("mp2p.bus.dropped")
                .description("Events that Valkey has not taken: away, or too slow")
                .register(meters);
        this.received = Counter.builder("mp2p.bus.received")
                .description("Events of subscribed topics")
                .register(meters);
        this.malformed = Counter.builder("mp2p.bus.malformed")
                .description("Messages on subscribed channels that are no event")
                .register(meters);
        link.start(new FromLink());
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

    @Override
    public void publish(BusEvent event) {
        Buffer payload = EventPayload.of(event);
        link.send(command(event, payload), payload.length(), this::count);
    }

    @Override
    public Uni<Boolean> deliver(BusEvent event) {
        return Uni.createFrom().emitter(emitter -> {
            Buffer payload = EventPayload.of(event);
            link.sendWithin(
                    answerMillis, () -> emitter.complete(false), command(event, payload), payload.length(), answer -> {
                        count(answer);
                        emitter.complete(answer.succeeded() && answer.result().toInteger() > 0);
                    });
        });
    }

    @Override
    public Subscription subscribe(Topic topic, BusListener listener) {
        link.run(() -> add(topic, listener));
        return () -> link.run(() -> remove(topic, listener));
    }

    private static Request command(BusEvent event, Buffer payload) {
        return Request.cmd(Command.PUBLISH)
                .arg(EventPayload.channel(event.topic()))
                .arg(payload);
    }

    private void count(AsyncResult<Response> answer) {
        (answer.succeeded() ? published : dropped).increment();
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

    /** What the connections bring, to who listens. */
    private final class FromLink implements ValkeyLink.Listener {

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
                malformed.increment();
                return;
            }
            received.increment();
            List.copyOf(present.all).forEach(listener -> listener.on(event.get()));
        }
    }
}
