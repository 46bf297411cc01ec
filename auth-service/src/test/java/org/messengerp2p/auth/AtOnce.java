package org.messengerp2p.auth;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.messengerp2p.testkit.RestClient.Answer;

/** Sends requests without waiting for any answer before all are sent. */
public final class AtOnce {
    private AtOnce() {}

    /** @return the answers in the order of {@code each} */
    public static <T> List<Answer> send(List<T> each, Function<T, CompletableFuture<Answer>> request) {
        return each.stream().map(request).toList().stream()
                .map(CompletableFuture::join)
                .toList();
    }
}
