package org.messengerp2p.signaling.presence;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.messengerp2p.kit.identity.AccountId;

/**
 * Whom one connection watches, and by which tokens. Used on its event loop alone, but for {@link #sees}.
 *
 * <p>An account is listened to from <em>before</em> its token is asked about until it is shown no more, also while the
 * token is wrong. So a new delivery token is in the answer; or it is heard of while the question is out, and then the
 * answer does not count; or it may have been missed, and what may have been is asked about once more.
 */
final class WatchList {

    /** What the list does to the connection. */
    interface Effects {

        /** From now on {@link #renewed} is called when the account has a new delivery token. */
        void listen(AccountId account);

        void ignore(AccountId account);

        /** Tells who of a watched account is connected. */
        void tell(AccountId account);

        /** Tells that nobody of the account can be seen any more. */
        void tellNobody(AccountId account);
    }

    private final AccountId own;
    private final TokenQuestions questions;
    private final Executor loop;
    private final Executor soon;
    private final Effects effects;

    /** All of these are listened to. */
    private Map<AccountId, ShownToken> shown = Map.of();

    private volatile Set<AccountId> watched;
    private boolean ended;

    private TokenQuestions.Question out;
    /** What it is about. */
    private Set<AccountId> asked = Set.of();
    /** Of the last question that was asked or withdrawn: only its answer counts. */
    private long number;
    /** Of these the answer that is on its way does not count. */
    private final Set<AccountId> doubted = new HashSet<>();
    /** To be asked about when it has come. */
    private final Set<AccountId> again = new LinkedHashSet<>();
    /** To be asked about together with what may have been missed by the same cause. */
    private final Set<AccountId> missed = new LinkedHashSet<>();

    /**
     * @param loop runs a task on the event loop of the connection
     * @param soon the same, a little later
     */
    WatchList(AccountId own, TokenQuestions questions, Executor loop, Executor soon, Effects effects) {
        this.own = own;
        this.questions = questions;
        this.loop = loop;
        this.soon = soon;
        this.effects = effects;
        this.watched = Set.of(own);
    }

    /** Whether the connection may know of, and send to, the devices of an account. */
    boolean sees(AccountId account) {
        return watched.contains(account);
    }

    /** Replaces all that is watched beside the own account. What was watched before stays so until it is answered. */
    void show(List<ShownToken> list) {
        withdraw();
        Map<AccountId, ShownToken> replaced = new LinkedHashMap<>();
        list.forEach(token -> replaced.put(token.account(), token));
        replaced.remove(own);
        Set<AccountId> before = shown.keySet();
        Set<AccountId> gone = without(before, replaced.keySet());
        Set<AccountId> come = without(replaced.keySet(), before);
        shown = replaced;
        gone.forEach(effects::ignore);
        watched = without(watched, gone);
        come.forEach(effects::listen);
        ask(shown.values());
    }

    /** Asks about all of it once more; nothing ends meanwhile. */
    void askAgain() {
        if (out == null) {
            ask(shown.values());
        } else {
            shown.keySet().stream().filter(account -> !asked.contains(account)).forEach(again::add);
        }
    }

    /** The account has a new delivery token: its watch ends, unless it is the new one that was shown. */
    void renewed(AccountId account) {
        if (!shown.containsKey(account)) {
            return;
        }
        if (watched.contains(account)) {
            watched = without(watched, Set.of(account));
            effects.tellNobody(account);
        }
        if (askOnceMore(Set.of(account))) {
            doubted.add(account);
        }
    }

    /** What was told of the account until now may have been lost. A bus that is back says so of each of them. */
    void mayHaveMissed(AccountId account) {
        if (!shown.containsKey(account)) {
            return;
        }
        if (missed.isEmpty()) {
            soon.execute(this::askForMissed);
        }
        missed.add(account);
    }

    /** @return the accounts that were listened to */
    Set<AccountId> end() {
        ended = true;
        withdraw();
        watched = Set.of();
        return shown.keySet();
    }

    private void askForMissed() {
        Set<AccountId> accounts = new LinkedHashSet<>(missed);
        missed.clear();
        accounts.retainAll(shown.keySet());
        askOnceMore(accounts);
    }

    /**
     * By a question that begins after this moment.
     *
     * @return whether there is one out that may have begun before; its answer comes first
     */
    private boolean askOnceMore(Set<AccountId> accounts) {
        if (out == null) {
            ask(accounts.stream().map(shown::get).toList());
            return false;
        }
        // Read once: the question may fail at this moment, and begin anew.
        boolean begun = out.hasBegun();
        accounts.stream().filter(account -> begun || !asked.contains(account)).forEach(again::add);
        return begun;
    }

    private void ask(Collection<ShownToken> tokens) {
        // What is told may have ended the connection, if it does not read.
        if (tokens.isEmpty() || ended) {
            return;
        }
        List<ShownToken> question = List.copyOf(tokens);
        long mine = ++number;
        asked = question.stream().map(ShownToken::account).collect(Collectors.toUnmodifiableSet());
        out = questions.ask(
                question,
                right -> loop.execute(() -> {
                    if (mine == number) {
                        answered(question, right);
                    }
                }));
    }

    private void answered(List<ShownToken> question, Set<ShownToken> right) {
        out = null;
        asked = Set.of();
        Set<AccountId> permitted = new LinkedHashSet<>();
        Set<AccountId> refused = new LinkedHashSet<>();
        question.stream()
                .filter(token -> !doubted.contains(token.account()))
                .forEach(token -> (right.contains(token) ? permitted : refused).add(token.account()));
        apply(permitted, refused);

        List<ShownToken> next = again.stream().map(shown::get).toList();
        doubted.clear();
        again.clear();
        ask(next);
    }

    private void apply(Set<AccountId> permitted, Set<AccountId> refused) {
        Set<AccountId> before = watched;
        Set<AccountId> after = new HashSet<>(before);
        after.addAll(permitted);
        after.removeAll(refused);
        watched = Set.copyOf(after);
        refused.stream().filter(before::contains).forEach(effects::tellNobody);
        permitted.stream().filter(account -> !before.contains(account)).forEach(effects::tell);
    }

    private void withdraw() {
        if (out != null) {
            questions.withdraw(out);
            out = null;
        }
        number++;
        asked = Set.of();
        doubted.clear();
        again.clear();
    }

    private static Set<AccountId> without(Set<AccountId> some, Set<AccountId> others) {
        Set<AccountId> left = new HashSet<>(some);
        left.removeAll(others);
        return Set.copyOf(left);
    }
}
