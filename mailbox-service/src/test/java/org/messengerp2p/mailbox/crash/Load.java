package org.messengerp2p.mailbox.crash;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.mailbox.crash.Client.Account;
import org.messengerp2p.testkit.TestTokens;

/**
 * All clients, on one event loop: what they note is in the order in which it happened. Every third account has two
 * devices, and each client writes to a few accounts.
 */
final class Load implements AutoCloseable {

    private static final int CONTACTS = 4;
    private static final int DEVICES_OF_EVERY_THIRD = 2;
    private static final Duration TOKEN_LIFE = Duration.ofHours(1);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context loop = vertx.getOrCreateContext();
    private final List<Account> accounts = new ArrayList<>();
    private final List<Sender> senders = new ArrayList<>();
    private final List<Recipient> recipients = new ArrayList<>();
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final Semaphore acknowledged = new Semaphore(0);
    private final MailboxCalls calls;

    Load(CrashPlan plan, int port, History history) {
        Random random = new Random(plan.seed());
        calls = new MailboxCalls(vertx, port, plan.clients());
        loop.exceptionHandler(failure::completeExceptionally);
        makeAccounts(plan.clients(), random);
        double interval = 1000.0 * plan.clients() / plan.messagesPerSecond();
        for (Account account : accounts) {
            for (Client client : account.clients()) {
                Random own = new Random(random.nextLong());
                List<Account> contacts = contactsOf(account, random);
                senders.add(new Sender(vertx, calls, history, client, contacts, own, interval, acknowledged::release));
                recipients.add(new Recipient(vertx, calls, history, client, own, plan.crashesPercent()));
            }
        }
    }

    List<Account> accounts() {
        return accounts;
    }

    /** Lets each account be written to by its delivery token. */
    CompletableFuture<Void> prepare() {
        return onLoop(
                () -> Future.all(accounts.stream().map(this::putDeliveryToken).toList())
                        .mapEmpty());
    }

    void start() {
        loop.runOnContext(now -> {
            senders.forEach(Sender::start);
            recipients.forEach(Recipient::start);
        });
    }

    /** Ends the load, and completes when all that was sent is acknowledged and all that waited is collected. */
    CompletableFuture<Void> finish() {
        return onLoop(() -> Future.all(senders.stream().map(Sender::finish).toList())
                .compose(sent ->
                        Future.all(recipients.stream().map(Recipient::drain).toList()))
                .mapEmpty());
    }

    /** Waits until so many further messages are acknowledged. @return whether they were, in this time */
    boolean awaitAcknowledged(int messages, long seconds) throws InterruptedException {
        acknowledged.drainPermits();
        return acknowledged.tryAcquire(messages, seconds, TimeUnit.SECONDS);
    }

    /** Completes, exceptionally, if the harness itself fails. */
    CompletableFuture<Void> failure() {
        return failure;
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void makeAccounts(int clients, Random random) {
        int number = 0;
        while (number < clients) {
            AccountId id = AccountId.of(bytes(16, random));
            boolean several = accounts.size() % 3 == 0;
            int devices = Math.min(several ? DEVICES_OF_EVERY_THIRD : 1, clients - number);
            List<Client> own = new ArrayList<>();
            for (int device = 1; device <= devices; device++) {
                Device named = new Device(id, new DeviceId(device));
                own.add(new Client(number++, named, TestTokens.access(named, Audience.MAILBOX, TOKEN_LIFE)));
            }
            accounts.add(new Account(id, bytes(16, random), List.copyOf(own)));
        }
    }

    private List<Account> contactsOf(Account self, Random random) {
        List<Account> others = new ArrayList<>(accounts);
        others.remove(self);
        Collections.shuffle(others, random);
        return List.copyOf(others.subList(0, Math.min(CONTACTS, others.size())));
    }

    private CompletableFuture<Void> onLoop(Supplier<Future<Void>> work) {
        Promise<Void> done = Promise.promise();
        loop.runOnContext(now -> work.get().onComplete(done));
        return done.future().toCompletionStage().toCompletableFuture();
    }

    /** A service that has just started answers the first requests of so many clients late, or that it cannot yet. */
    private Future<Void> putDeliveryToken(Account account) {
        return calls.putDeliveryToken(account)
                .map(reply -> reply.status() == 204)
                .otherwise(false)
                .compose(done -> done ? Future.succeededFuture() : putDeliveryToken(account));
    }

    private static byte[] bytes(int length, Random random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
