package org.messengerp2p.mailbox.crash;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * One line of a history, in the order in which the clients saw things happen. Clients are numbered; an envelope is the
 * {@code number}-th, from 0, that one client has for another. {@code request} joins a call with what became of it, and
 * {@code at} is in milliseconds since the history began.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = HistoryEvent.Begun.class, name = "begun"),
    @JsonSubTypes.Type(value = HistoryEvent.Sent.class, name = "sent"),
    @JsonSubTypes.Type(value = HistoryEvent.Answered.class, name = "answered"),
    @JsonSubTypes.Type(value = HistoryEvent.Unanswered.class, name = "unanswered"),
    @JsonSubTypes.Type(value = HistoryEvent.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = HistoryEvent.CollectSent.class, name = "collect-sent"),
    @JsonSubTypes.Type(value = HistoryEvent.Collected.class, name = "collected"),
    @JsonSubTypes.Type(value = HistoryEvent.Committed.class, name = "committed"),
    @JsonSubTypes.Type(value = HistoryEvent.Forgot.class, name = "forgot"),
    @JsonSubTypes.Type(value = HistoryEvent.AckSent.class, name = "ack-sent"),
    @JsonSubTypes.Type(value = HistoryEvent.Acked.class, name = "acked"),
    @JsonSubTypes.Type(value = HistoryEvent.Killed.class, name = "killed"),
    @JsonSubTypes.Type(value = HistoryEvent.Ready.class, name = "ready")
})
sealed interface HistoryEvent {

    long at();

    /** The first line: what another run needs to draw the same kills. */
    record Begun(long at, long seed, int clients, int serviceKills, int databaseKills) implements HistoryEvent {}

    /** A sender begins to bring envelopes to the devices of an account, for the first time or again. */
    record Sent(long at, long request, int sender, List<Item> items) implements HistoryEvent {}

    /** @param id of the envelope by its bytes */
    record Item(int recipient, int number, String id) {}

    /**
     * A sender's request was answered.
     *
     * @param states one an item; empty where the status is not 200
     */
    record Answered(long at, long request, int status, List<String> states) implements HistoryEvent {}

    /** Nobody knows what became of a request of any kind. */
    record Unanswered(long at, long request, String why) implements HistoryEvent {}

    /** A recipient's request was answered by a refusal. */
    record Refused(long at, long request, int status) implements HistoryEvent {}

    record CollectSent(long at, long request, int recipient) implements HistoryEvent {}

    record Collected(long at, long request, List<Received> items, boolean drained) implements HistoryEvent {}

    /**
     * @param named the id that the service gave
     * @param id by the bytes that came
     * @param sender as the bytes have it, as are recipient and number; -1 where they are not of this run
     */
    record Received(String named, String id, int sender, int recipient, int number) {}

    /** The application of the recipient has it for good. */
    record Committed(long at, int recipient, int sender, int number) implements HistoryEvent {}

    /** The recipient crashed behind a page: before it committed it, or before it acknowledged it. */
    record Forgot(long at, int recipient, boolean committed) implements HistoryEvent {}

    /** @param ids as the service named them */
    record AckSent(long at, long request, int recipient, List<String> ids) implements HistoryEvent {}

    record Acked(long at, long request) implements HistoryEvent {}

    record Killed(long at, Victim victim) implements HistoryEvent {}

    /** @param what service or database */
    record Ready(long at, String what) implements HistoryEvent {}
}
