package org.messengerp2p.kit.internal;

import io.vertx.ext.web.Router;

/** Routes under {@code /internal/v1} that a service serves to the others. A bean of this type is found by itself. */
public interface InternalEndpoint {

    void register(Router router);
}
