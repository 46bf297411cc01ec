package org.messengerp2p.bench.figure;

import com.google.crypto.tink.Aead;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Random;
import org.messengerp2p.bench.load.Bodies;
import org.messengerp2p.kit.secret.KeysetFile;

/** What Tink adds to a message: the AEAD that mailbox-service seals by, on 1 KiB, in this JVM. */
public final class SealingCost {

    /** Table, envelope, account, device. */
    private static final int PLACE_BYTES = 8 + 16 + 16 + 4;

    private final Aead aead;
    private final byte[] envelope = new byte[Bodies.BYTES];
    private final byte[] place = new byte[PLACE_BYTES];

    public SealingCost(Path directory) throws GeneralSecurityException {
        aead = KeysetFile.aead(directory.resolve("sealing/keyset.json"))
                .makeMissing(true)
                .openAead();
        Random random = new Random();
        random.nextBytes(envelope);
        random.nextBytes(place);
    }

    /** @param times after as many to warm up */
    public Map<String, Double> measure(int times) throws GeneralSecurityException {
        byte[] sealed = aead.encrypt(envelope, place);
        repeat(times, () -> aead.encrypt(envelope, place));
        repeat(times, () -> aead.decrypt(sealed, place));
        return Map.of(
                "seal_us", repeat(times, () -> aead.encrypt(envelope, place)),
                "open_us", repeat(times, () -> aead.decrypt(sealed, place)));
    }

    /** @return CPU microseconds of one */
    private static double repeat(int times, Operation operation) throws GeneralSecurityException {
        long before = cpuNanos();
        long bytes = 0;
        for (int i = 0; i < times; i++) {
            bytes += operation.run().length;
        }
        if (bytes == 0) {
            throw new IllegalStateException("nothing was done");
        }
        return (cpuNanos() - before) / 1e3 / times;
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** Something that is measured. */
    private interface Operation {
        byte[] run() throws GeneralSecurityException;
    }
}
