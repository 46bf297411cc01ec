package org.messengerp2p.auth.work;

import io.smallrye.mutiny.vertx.MutinyHelper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/** Where the caller runs: a database session belongs to its Vert.x context and refuses another thread. */
public final class CallerContext {
    private CallerContext() {}

    /** Goes on in the Vert.x context that asks now; outside one, in whatever thread there is. */
    public static Executor executor() {
        Context context = Vertx.currentContext();
        return context == null ? Runnable::run : MutinyHelper.executor(context);
    }
}
