package org.messengerp2p.kit.identity;

import io.quarkus.arc.ClientProxy;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/**
 * The keys that auth-service publishes (RFC 7517), read at start and then at intervals, without blocking. A failed
 * reading keeps the keys that are known.
 */
@ApplicationScoped
@DefaultBean
public class PublishedKeys implements VerificationKeys {

    private static final Logger LOG = Logger.getLogger(PublishedKeys.class);

    private final Vertx vertx;
    private final TokenSettings settings;
    private final HttpClient client;
    private volatile Map<String, PublicKey> keys = Map.of();
    private volatile boolean failing;
    private volatile boolean stopped;

    public PublishedKeys(Vertx vertx, TokenSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.client = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(2_000));
    }

    @Override
    public Optional<PublicKey> byKeyId(String keyId) {
        return keyId == null ? Optional.empty() : Optional.ofNullable(keys.get(keyId));
    }

    @Override
    public boolean loaded() {
        return !keys.isEmpty();
    }

    /** Where another bean knows the keys, as beside auth-service, nothing is read: this one still observes the start. */
    void start(@Observes StartupEvent event, VerificationKeys inUse) {
        if (ClientProxy.unwrap(inUse) == this) {
            read();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        close();
    }

    /** Reads the keys now, and from then on at intervals; does not wait for them. */
    public void read() {
        if (stopped) {
            return;
        }
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(settings.jwksUrl().toString())
                .setTimeout(5_000);
        client.request(request)
                .compose(sent -> sent.send().compose(PublishedKeys::body))
                .map(PublishedKeys::parse)
                .onSuccess(this::accept)
                .onFailure(this::tellOnce)
                .onComplete(done -> vertx.setTimer(pauseMillis(), timer -> read()));
    }

    /** Reads no more. */
    public void close() {
        stopped = true;
        client.close();
    }

    private void accept(Map<String, PublicKey> published) {
        keys = published;
        if (failing) {
            failing = false;
            LOG.info("The published token keys can be read.");
        }
    }

    private void tellOnce(Throwable failure) {
        if (!failing && !stopped) {
            failing = true;
            LOG.warnf("The published token keys cannot be read (%s); those that are known stay.", failure.getMessage());
        }
    }

    private long pauseMillis() {
        return (loaded() ? settings.jwksRefresh() : settings.jwksRetry()).toMillis();
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        return response.statusCode() == 200 ? response.body() : Future.failedFuture("status " + response.statusCode());
    }

    /** An auth-service that has just started publishes none until it has read its own: that withdraws nothing. */
    private static Map<String, PublicKey> parse(Buffer json) {
        Map<String, PublicKey> published = keys(json);
        if (published.isEmpty()) {
            throw new IllegalArgumentException("the key set is empty");
        }
        return published;
    }

    private static Map<String, PublicKey> keys(Buffer json) {
        try {
            return new JsonWebKeySet(json.toString(StandardCharsets.UTF_8))
                    .getJsonWebKeys().stream()
                            .filter(PublicJsonWebKey.class::isInstance)
                            .collect(Collectors.toUnmodifiableMap(
                                    key -> key.getKeyId(), key -> ((PublicJsonWebKey) key).getPublicKey()));
        } catch (JoseException malformed) {
            throw new IllegalArgumentException("the key set is malformed", malformed);
        }
    }
}
