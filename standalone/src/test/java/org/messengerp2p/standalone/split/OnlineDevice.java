package org.messengerp2p.standalone.split;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.RestClient;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.SocketProbe;

/**
 * A device that delivers by the rules of MP2P/1 §6.2: by the relay where its peer takes the message within two seconds,
 * else by the mailbox; and collects when it is told of mail, and every 20 to 40 seconds whether it is told or not. Sent
 * away by 1012, it comes back within the seconds that it was told, to another replica.
 */
final class OnlineDevice {

    private static final int RELAY = 1;
    private static final int TAKEN = 2;
    private static final int NOT_HERE = 3;
    private static final int HEAD = 25;
    private static final int RESTART = 1012;

    private static final long TAKEN_WITHIN_MILLIS = 2_000;
    private static final long POLL_MILLIS = 20_000;
    private static final long AGAIN_MILLIS = 500;
    /** Messages for which nobody was online: they go by the mailbox at once, and a hint follows. */
    private static final int BY_MAILBOX_AT_ONCE = 5;

    private final int number;
    private final SignedIn person;
    private final RestClient mailbox;
    private final List<URI> replicas;
    private final MessageLedger ledger;
    private final byte[] deliveryToken = new byte[16];
    private final Map<Long, CompletableFuture<Boolean>> relayed = new ConcurrentHashMap<>();
    private final AtomicLong refs = new AtomicLong();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger stored = new AtomicInteger();
    /** Which of the replicas it is connected to, counted on. */
    private final AtomicInteger connections = new AtomicInteger();

    /** Why it should look into the mailbox. */
    private final BlockingQueue<MessageLedger.Way> wakes = new LinkedBlockingQueue<>();

    private final AtomicInteger hints = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile SocketProbe socket;
    private volatile OnlineDevice watched;
    private volatile boolean sends = true;
    private volatile boolean stays = true;

    /** @param signaling where it connects, one after the other */
    OnlineDevice(int number, SignedIn person, URI mailbox, List<URI> signaling, MessageLedger ledger) {
        this.number = number;
        this.replicas = signaling;
        this.person = person;
        this.mailbox = new RestClient(mailbox);
        this.ledger = ledger;
        ThreadLocalRandom.current().nextBytes(deliveryToken);
        this.mailbox.put("/api/mailbox/v1/delivery-token", token(), Map.of("hash", base64url(sha256(deliveryToken))));
        connect();
        begin("reads", this::read);
        begin("collects", this::collect);
    }

    private void connect() {
        URI replica = replicas.get(connections.getAndIncrement() % replicas.size());
        socket = SocketProbe.open(
                URI.create(replica.resolve("/ws").toString().replaceFirst("^http", "ws")),
                person.tokens().signaling());
    }

    /** As clients do: after a part of the time, chosen at random; and then looks for what was stored meanwhile. */
    private void comeBack(String seconds) throws InterruptedException {
        Thread.sleep(ThreadLocalRandom.current().nextLong(TimeUnit.SECONDS.toMillis(Long.parseLong(seconds))));
        connect();
        if (watched != null) {
            watch(watched);
        }
        wakes.add(MessageLedger.Way.RETURN);
    }

    /** How often it was told of mail. */
    int hints() {
        return hints.get();
    }

    /** How often it was sent away and came back. */
    int returns() {
        return connections.get() - 1;
    }

    void watch(OnlineDevice peer) {
        watched = peer;
        socket.send(new JsonObject()
                .put("t", "watch")
                .put(
                        "list",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("account", peer.device().account().base64url())
                                        .put("token", base64url(peer.deliveryToken)))));
    }

    /** @param apartMillis from one message to the next */
    void sendTo(OnlineDevice peer, long apartMillis) {
        begin("sends", () -> {
            for (int each = 0; sends; each++) {
                send(peer, ledger.send(peer.number), each % BY_MAILBOX_AT_ONCE == 0);
                Thread.sleep(apartMillis);
            }
        });
    }

    /** Ends with the message that is under way. */
    void sendNoMore() throws InterruptedException {
        sends = false;
        threads.get(threads.size() - 1).join();
    }

    int taken() {
        return taken.get();
    }

    int stored() {
        return stored.get();
    }

    void leave() throws InterruptedException {
        stays = false;
        socket.close();
        wakes.add(MessageLedger.Way.POLL);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void send(OnlineDevice peer, byte[] envelope, boolean byMailboxAtOnce) throws InterruptedException {
        if (byMailboxAtOnce || !relay(peer, envelope)) {
            store(peer, envelope);
            stored.incrementAndGet();
        } else {
            taken.incrementAndGet();
        }
    }

    /** @return whether the peer has committed it */
    private boolean relay(OnlineDevice peer, byte[] envelope) throws InterruptedException {
        long ref = refs.incrementAndGet();
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        relayed.put(ref, answer);
        socket.send(frame(RELAY, peer.device(), ref).appendBytes(envelope));
        try {
            return answer.get(TAKEN_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException nobodySays) {
            return false;
        } catch (ExecutionException impossible) {
            throw new AssertionError(impossible);
        } finally {
            relayed.remove(ref);
        }
    }

    private void store(OnlineDevice peer, byte[] envelope) throws InterruptedException {
        Map<String, Object> batch = Map.of(
                "to", peer.device().account().base64url(),
                "list_version", 1,
                "envelopes",
                        List.of(Map.of("device_id", peer.device().device().value(), "envelope", base64url(envelope))));
        while (ask("POST", "/api/mailbox/v1/messages", batch) != 200) {
            Thread.sleep(AGAIN_MILLIS);
        }
    }

    private void read() throws InterruptedException {
        while (stays) {
            Object event = socket.poll();
            if (event == null) {
                event = await();
            }
            if (event instanceof Buffer frame) {
                read(frame);
            } else if (event instanceof JsonObject message) {
                if ("mail".equals(message.getString("t"))) {
                    hints.incrementAndGet();
                    wakes.add(MessageLedger.Way.HINT);
                }
            } else if (event instanceof SocketProbe.Closed end && end.code() == RESTART && replicas.size() > 1) {
                comeBack(end.reason());
            } else if (stays && event != null) {
                ledger.violate("a socket ended: " + event);
                return;
            }
        }
    }

    /** Nothing may come for a while: then null. */
    private Object await() {
        try {
            return socket.nextEvent();
        } catch (AssertionError nothing) {
            return null;
        }
    }

    private void read(Buffer frame) {
        long ref = frame.getUnsignedInt(21);
        switch (frame.getByte(0)) {
            case RELAY -> {
                ledger.commit(number, frame.getBytes(HEAD, frame.length()), MessageLedger.Way.RELAY);
                socket.send(frame.copy().setByte(0, (byte) TAKEN).getBuffer(0, HEAD));
            }
            case TAKEN -> answered(ref, true);
            case NOT_HERE -> answered(ref, false);
            default -> ledger.violate("a frame of type " + frame.getByte(0));
        }
    }

    private void answered(long ref, boolean taken) {
        CompletableFuture<Boolean> answer = relayed.get(ref);
        if (answer != null) {
            answer.complete(taken);
        }
    }

    private void collect() throws InterruptedException {
        while (stays) {
            MessageLedger.Way wake =
                    wakes.poll(POLL_MILLIS + ThreadLocalRandom.current().nextLong(POLL_MILLIS), TimeUnit.MILLISECONDS);
            wakes.clear();
            MessageLedger.Way way = wake == null ? MessageLedger.Way.POLL : wake;
            while (stays && !collectPage(way)) {
                // until all is collected
            }
        }
    }

    /** @return whether it was the last */
    private boolean collectPage(MessageLedger.Way way) throws InterruptedException {
        Answer page = mailbox.get("/api/mailbox/v1/collect", token());
        if (page.status() != 200) {
            ledger.violate("collect answers " + page.status());
            return true;
        }
        List<String> ids = new ArrayList<>();
        page.body().path("items").forEach(item -> {
            ledger.commit(
                    number, Base64.getUrlDecoder().decode(item.path("envelope").asText()), way);
            ids.add(item.path("id").asText());
        });
        if (!ids.isEmpty() && ask("POST", "/api/mailbox/v1/ack", Map.of("ids", ids)) != 204) {
            ledger.violate("ack is refused");
        }
        return page.body().path("drained").asBoolean();
    }

    /** @return 0 where nothing is answered */
    private int ask(String method, String path, Object body) {
        try {
            return mailbox.call(method, path, token(), body).join().status();
        } catch (CompletionException unanswered) {
            return 0;
        }
    }

    private Device device() {
        return person.account().device().device();
    }

    private String token() {
        return person.tokens().mailbox();
    }

    private void begin(String what, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (InterruptedException | RuntimeException | Error failure) {
                        ledger.violate(what + ": " + failure);
                    }
                },
                "device-" + number + "-" + what);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private static Buffer frame(int type, Device device, long ref) {
        return Buffer.buffer()
                .appendByte((byte) type)
                .appendBytes(device.account().bytes())
                .appendUnsignedInt(device.device().value())
                .appendUnsignedInt(ref);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private interface Work {
        void run() throws InterruptedException;
    }
}
