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
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.BusListener;
import org.messengerp2p.kit.bus.BusSettings;
import org.messengerp2p.kit.bus.DeviceBus;
import org.messengerp2p.kit.bus.Subscription;
import org.messengerp2p.kit.bus.Topic;

/**
 * The bus between processes: a channel of Valkey for each topic, plain publish and subscribe, at the node of the account.
 */
@Singleton
@Typed(ValkeyDeviceBus.class)
public class ValkeyDeviceBus implements DeviceBus {

    private final ValkeyNodes nodes;
    private final long answerMillis;
    private final Counter published;
    private final Counter dropped;
    private final Map<ValkeyLink, Channels> channels;

    ValkeyDeviceBus(ValkeyNodes nodes, BusSettings settings, MeterRegistry meters) {
        this.nodes = nodes;
        this.answerMillis = settings.answer().toMillis();
        this.published = Counter.builder("mp2p.bus.published")
                .description("Events that Valkey has taken")
                .register(meters);
        this.dropped = Counter.builder("mp2p.bus.dropped")
                .description("Events that Valkey has not taken: away, or too slow")
                .register(meters);
        Counter received = Counter.builder("mp2p.bus.received")
                .description("Events of subscribed topics")
                .register(meters);
        Counter malformed = Counter.builder("mp2p.bus.malformed")
                .description("Messages on subscribed channels that are no event")
                .register(meters);
        this.channels = nodes.all().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(), link -> new Channels(link, received::increment, malformed::increment)));
        channels.forEach(ValkeyLink::start);
    }

    @Override
    public void publish(BusEvent event) {
        Buffer payload = EventPayload.of(event);
        nodeOf(event.topic()).send(command(event, payload), payload.length(), this::count);
    }

    @Override
    public Uni<Boolean> deliver(BusEvent event) {
        return Uni.createFrom().emitter(emitter -> {
            Buffer payload = EventPayload.of(event);
            nodeOf(event.topic())
                    .sendWithin(
                            answerMillis,
                            () -> emitter.complete(false),
                            command(event, payload),
                            payload.length(),
                            answer -> {
                                count(answer);
                                emitter.complete(
                                        answer.succeeded() && answer.result().toInteger() > 0);
                            });
        });
    }

    @Override
    public Subscription subscribe(Topic topic, BusListener listener) {
        return channels.get(nodeOf(topic)).subscribe(topic, listener);
    }

    private ValkeyLink nodeOf(Topic topic) {
        return nodes.of(topic.account());
    }

    private static Request command(BusEvent event, Buffer payload) {
        return Request.cmd(Command.PUBLISH)
                .arg(EventPayload.channel(event.topic()))
                .arg(payload);
    }

    private void count(AsyncResult<Response> answer) {
        (answer.succeeded() ? published : dropped).increment();
    }
}
