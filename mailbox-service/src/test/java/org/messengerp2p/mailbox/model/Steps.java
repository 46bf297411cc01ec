package org.messengerp2p.mailbox.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Draws steps. What makes sense is likelier than what does not, and everything comes. */
final class Steps {

    static final int ACCOUNTS = 2;
    static final int DEVICES = 3;
    static final int TOKENS = 3;

    private static final int[] SIZES = {20, 100, 100, 100, 3000, 5000};

    private final Random random;
    private final List<Step.Parcel> sent = new ArrayList<>();
    private int envelopes;

    private Steps(Random random) {
        this.random = random;
    }

    static List<Step> draw(long seed, int count) {
        Steps steps = new Steps(new Random(seed));
        return IntStream.range(0, count).mapToObj(i -> steps.next()).toList();
    }

    private Step next() {
        int account = random.nextInt(ACCOUNTS);
        int device = device();
        return switch (random.nextInt(20)) {
            case 0 -> new Step.AuthLists(account, someDevices());
            case 1 -> new Step.Tell(account);
            case 2 -> new Step.TellOld(account, someDevices());
            case 3 -> new Step.PutToken(account, device, random.nextInt(TOKENS));
            case 4, 5, 6, 7 -> new Step.Deliver(account, random.nextInt(TOKENS), ahead(), parcels());
            case 8, 9, 10, 11 -> new Step.Messages(random.nextInt(ACCOUNTS), device(), account, ahead(), parcels());
            case 12, 13, 14, 15 -> new Step.Collect(account, device, 1 + random.nextInt(4), random.nextInt(3) == 0);
            case 16, 17, 18 -> new Step.Ack(account, device, 1 + random.nextInt(3));
            default -> new Step.Expire(account, device, 1 + random.nextInt(3));
        };
    }

    /** The first is on most lists. */
    private int device() {
        return random.nextInt(3) == 0 ? random.nextInt(DEVICES) : 0;
    }

    private List<Integer> someDevices() {
        List<Integer> devices = IntStream.range(0, DEVICES)
                .filter(device -> random.nextInt(10) < (device == 0 ? 9 : 5))
                .boxed()
                .toList();
        return devices.isEmpty() ? List.of(0) : devices;
    }

    private int ahead() {
        return random.nextInt(8) == 0 ? random.nextInt(3) - 1 : 0;
    }

    /** New ones, and now and then one from before. No request brings a device the same envelope twice. */
    private List<Step.Parcel> parcels() {
        List<Step.Parcel> parcels = new ArrayList<>();
        int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 8 : 2);
        while (parcels.size() < count) {
            Step.Parcel parcel = sent.isEmpty() || random.nextInt(4) != 0
                    ? new Step.Parcel(device(), envelopes++, SIZES[random.nextInt(SIZES.length)])
                    : sent.get(random.nextInt(sent.size()));
            if (!parcels.contains(parcel)) {
                parcels.add(parcel);
            }
        }
        sent.addAll(parcels);
        return List.copyOf(parcels);
    }
}
