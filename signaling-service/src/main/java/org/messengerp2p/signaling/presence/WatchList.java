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
 * <p>An account is listened to <em>before</em> its token is asked about. So a new delivery token is either in the answer
 * or heard of while the question is out, and then the answer does not count and the token is asked about once more.
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
    private final Effects effects;

    private Map<AccountId, ShownToken> shown = Map.of();
    private final Set<AccountId> listened = new HashSet<>();
    private volatile Set<AccountId> watched;

    private TokenQuestions.Question out;
    /** What it is about. */
    private Set<AccountId> asked = Set.of();
    /** Of the last question that was asked or withdrawn: only its answer counts. */
    private long number;
    /** Of these the answer that is on its way does not count. */
    private final Set<AccountId> doubted = new HashSet<>();
    /** To be asked about when it has come. */
    private final Set<AccountId> again = new LinkedHashSet<>();

    /** @param loop runs a task on the event loop of the connection */
    WatchList(AccountId own, TokenQuestions questions, Executor loop, Effects effects) {
        this.own = own;
        this.questions = questions;
        this.loop = loop;
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
        shown = replaced;
        Set<AccountId> gone = new HashSet<>(listened);
        gone.removeAll(shown.keySet());
        gone.forEach(this::ignore);
        unwatch(gone);
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
        if (!listened.contains(account)) {
            return;
        }
        if (watched.contains(account)) {
            unwatch(Set.of(account));
            effects.tellNobody(account);
        }
        if (out != null && out.hasBegun()) {
            doubted.add(account);
        }
        askOnceMore(account);
    }

    /** What was told of the account until now may have been lost. */
    void mayHaveMissed(AccountId account) {
        if (listened.contains(account)) {
            askOnceMore(account);
        }
    }

    /** @return the accounts that were listened to */
    Set<AccountId> end() {
        withdraw();
        watched = Set.of();
        return listened;
    }

    /** By a question that begins after this moment. */
    private void askOnceMore(AccountId account) {
        if (out == null) {
            ask(List.of(shown.get(account)));
        } else if (out.hasBegun() || !asked.contains(account)) {
            again.add(account);
        }
    }

    private void ask(Collection<ShownToken> tokens) {
        if (tokens.isEmpty()) {
            return;
        }
        for (ShownToken token : tokens) {
            if (listened.add(token.account())) {
                effects.listen(token.account());
            }
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
        Set<AccountId> permitted = new LinkedHashSet<>();
        Set<AccountId> refused = new LinkedHashSet<>();
        question.stream()
                .filter(token -> !doubted.contains(token.account()))
                .forEach(token -> (right.contains(token) ? permitted : refused).add(token.account()));
        apply(permitted, refused);

        again.removeAll(refused);
        List<ShownToken> next = again.stream().map(shown::get).toList();
        doubted.clear();
        again.clear();
        ask(next);
    }

    private void apply(Set<AccountId> permitted, Set<AccountId> refused) {
        refused.forEach(this::ignore);
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
        doubted.clear();
        again.clear();
    }

    private void ignore(AccountId account) {
        listened.remove(account);
        effects.ignore(account);
    }

    private void unwatch(Set<AccountId> accounts) {
        Set<AccountId> fewer = new HashSet<>(watched);
        fewer.removeAll(accounts);
        watched = Set.copyOf(fewer);
    }
}
