package org.messengerp2p.mailbox.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What mailbox-service does for one account, said as plainly as it can be. Devices, tokens and envelopes are numbers;
 * auth-service's list stands beside the copy, since the copy asks before it refuses anybody.
 */
final class MailboxModel {

    private final int quotaEnvelopes;
    private final long quotaBytes;
    private final Map<Integer, Mailbox> mailboxes = new TreeMap<>();
    private long listVersion;
    private Integer token;
    private long authVersion;
    private List<Integer> authDevices = List.of();

    MailboxModel(int quotaEnvelopes, long quotaBytes) {
        this.quotaEnvelopes = quotaEnvelopes;
        this.quotaBytes = quotaBytes;
    }

    /** What waits. @param position of the mailbox, in the order of arrival */
    record Waiting(long position, int envelope, int size, boolean limited) {}

    /** Answer to a collect. */
    record Page(List<Waiting> items, boolean drained, long expired) {}

    /** Why a request is refused. */
    enum Refusal {
        DELIVERY_TOKEN,
        NOT_FOUND,
        LIST_VERSION,
        DEVICE_REVOKED
    }

    /** @param states one a parcel, where nothing is refused */
    record Outcome(Optional<Refusal> refusal, List<String> states) {

        private static Outcome refused(Refusal refusal) {
            return new Outcome(Optional.of(refusal), List.of());
        }
    }

    long listVersion() {
        return listVersion;
    }

    long authVersion() {
        return authVersion;
    }

    List<Integer> authDevices() {
        return authDevices;
    }

    void authLists(List<Integer> devices) {
        authVersion++;
        authDevices = devices;
    }

    /** auth-service tells, or is asked and answers. */
    void learn() {
        learn(authVersion, authDevices);
    }

    void learn(long version, Collection<Integer> devices) {
        if (version > listVersion) {
            listVersion = version;
            mailboxes.keySet().retainAll(devices);
            devices.forEach(device -> mailboxes.computeIfAbsent(device, opened -> new Mailbox()));
        }
    }

    /** Whether the device may act; the copy asks before it says no. */
    boolean admits(int device) {
        if (!mailboxes.containsKey(device)) {
            learn();
        }
        return mailboxes.containsKey(device);
    }

    boolean putToken(int device, int newToken) {
        boolean admitted = admits(device);
        token = admitted ? Integer.valueOf(newToken) : token;
        return admitted;
    }

    Outcome deliver(int shown, long version, List<Step.Parcel> parcels) {
        return put(() -> store(shown, version, false, parcels), version);
    }

    /** @param sender whether it is listed, asked at each try: a list that is learned may be without it */
    Outcome messages(BooleanSupplier sender, long version, boolean limited, List<Step.Parcel> parcels) {
        return put(
                () -> sender.getAsBoolean()
                        ? store(null, version, limited, parcels)
                        : Outcome.refused(Refusal.DEVICE_REVOKED),
                version);
    }

    Optional<Page> collect(int device, long after, int limit) {
        if (!admits(device)) {
            return Optional.empty();
        }
        Mailbox mailbox = mailboxes.get(device);
        List<Waiting> behind = mailbox.waiting.values().stream()
                .filter(waiting -> waiting.position() > after)
                .toList();
        Page page =
                new Page(behind.subList(0, Math.min(limit, behind.size())), behind.size() <= limit, mailbox.expired);
        return Optional.of(page);
    }

    boolean acknowledge(int device, Collection<Integer> envelopes) {
        boolean admitted = admits(device);
        if (admitted) {
            mailboxes.get(device).waiting.keySet().removeAll(envelopes);
        }
        return admitted;
    }

    void expire(int device, int count) {
        Mailbox mailbox = mailboxes.get(device);
        if (mailbox != null) {
            List<Integer> oldest =
                    mailbox.waiting.keySet().stream().limit(count).toList();
            oldest.forEach(mailbox.waiting::remove);
            mailbox.expired += oldest.size();
        }
    }

    /** Null where the device is not listed; another object after it was removed and listed again. */
    Object mailbox(int device) {
        return mailboxes.get(device);
    }

    private Outcome put(Supplier<Outcome> attempt, long version) {
        Outcome first = attempt.get();
        boolean mayBeBehind = first.refusal().equals(Optional.of(Refusal.NOT_FOUND))
                || first.refusal().equals(Optional.of(Refusal.LIST_VERSION)) && listVersion < version;
        if (!mayBeBehind) {
            return first;
        }
        learn();
        return attempt.get();
    }

    /** @param shown token; null for {@code messages} */
    private Outcome store(Integer shown, long version, boolean limited, List<Step.Parcel> parcels) {
        if (shown != null && !shown.equals(token)) {
            return Outcome.refused(Refusal.DELIVERY_TOKEN);
        }
        if (listVersion == 0) {
            return Outcome.refused(Refusal.NOT_FOUND);
        }
        Set<Integer> addressed = new HashSet<>();
        parcels.forEach(parcel -> addressed.add(parcel.device()));
        if (version != listVersion || !mailboxes.keySet().containsAll(addressed)) {
            return Outcome.refused(Refusal.LIST_VERSION);
        }
        Map<Integer, Batch> batches = new LinkedHashMap<>();
        List<String> states = new ArrayList<>();
        for (Step.Parcel parcel : parcels) {
            states.add(batches.computeIfAbsent(parcel.device(), device -> new Batch(mailboxes.get(device), limited))
                    .take(parcel));
        }
        return new Outcome(Optional.empty(), states);
    }

    /** One device's. */
    private static final class Mailbox {

        /** By envelope, in the order of arrival. */
        final Map<Integer, Waiting> waiting = new LinkedHashMap<>();

        /** Since the device was listed; never falls. */
        long expired;

        long lastPosition;
    }

    /** What one request brings to one mailbox. What was refused counts on: nothing after it overtakes it. */
    private final class Batch {

        final Mailbox mailbox;
        final boolean limited;
        final long atFirst;
        final long bytesAtFirst;
        final long limitedAtFirst;
        final long limitedBytesAtFirst;
        int fresh;
        long freshBytes;

        Batch(Mailbox mailbox, boolean limited) {
            this.mailbox = mailbox;
            this.limited = limited;
            Collection<Waiting> all = mailbox.waiting.values();
            atFirst = all.size();
            bytesAtFirst = all.stream().mapToLong(Waiting::size).sum();
            limitedAtFirst = all.stream().filter(Waiting::limited).count();
            limitedBytesAtFirst = all.stream()
                    .filter(Waiting::limited)
                    .mapToLong(Waiting::size)
                    .sum();
        }

        String take(Step.Parcel parcel) {
            if (mailbox.waiting.containsKey(parcel.envelope())) {
                return "stored";
            }
            fresh++;
            freshBytes += parcel.size();
            boolean full = atFirst + fresh > quotaEnvelopes
                    || bytesAtFirst + freshBytes > quotaBytes
                    || limited && limitedAtFirst + fresh > quotaEnvelopes / 2
                    || limited && limitedBytesAtFirst + freshBytes > quotaBytes / 2;
            if (full) {
                return "full";
            }
            long position = ++mailbox.lastPosition;
            mailbox.waiting.put(parcel.envelope(), new Waiting(position, parcel.envelope(), parcel.size(), limited));
            return "stored";
        }
    }
}
