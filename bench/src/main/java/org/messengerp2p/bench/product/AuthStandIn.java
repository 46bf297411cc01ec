package org.messengerp2p.bench.product;

import java.util.HashMap;
import java.util.Map;
import org.messengerp2p.testkit.InternalSecretResource;
import org.messengerp2p.testkit.JwksResource;

/**
 * What mailbox-service needs of auth-service: the key of the tokens and the secret of the calls between services. Device
 * lists are handed over before the load, so nobody is asked for one.
 */
final class AuthStandIn implements AutoCloseable {

    static final String SECRET = InternalSecretResource.SECRET;

    private final JwksResource keys = new JwksResource();
    private final InternalSecretResource secret = new InternalSecretResource();
    private final Map<String, String> settings = new HashMap<>();

    AuthStandIn() {
        settings.putAll(keys.start());
        settings.putAll(secret.start());
    }

    Map<String, String> settings() {
        return settings;
    }

    @Override
    public void close() {
        secret.stop();
        keys.stop();
    }
}
