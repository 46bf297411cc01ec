package org.messengerp2p.auth.prekey;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.wire.FormatException;
import org.messengerp2p.auth.wire.VerifyingKey;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.problem.ProblemException;

/** The records of one upload, every one of them verified as that device's. */
public final class PrekeyBatch {
    /** Most records of one upload: 100 OPK, 40 PQO, one SPK, one PQL (MP2P/1 §20). */
    private static final int MAX_RECORDS = 142;

    /** No clock of the protocol is trusted better than this (MP2P/1 §1.3); peers skip what is further ahead. */
    public static final Duration CLOCK_TOLERANCE = Duration.ofHours(24);

    /** Peers skip a device whose lasting keys are older (MP2P/1 §2). */
    private static final Duration LASTING_LIFE = Duration.ofDays(180);

    private final List<PrekeyRecord> records;

    private PrekeyBatch(List<PrekeyRecord> records) {
        this.records = List.copyOf(records);
    }

    /**
     * Verifies up to 142 signatures: work for a worker.
     *
     * @param dsk the device's key as its list has it
     * @throws ProblemException prekey-invalid
     */
    public static PrekeyBatch verified(List<byte[]> encoded, Device device, byte[] dsk, Clock clock) {
        List<PrekeyRecord> records = new ArrayList<>(encoded.size());
        VerifyingKey key = VerifyingKey.known(dsk);
        Set<List<Object>> names = new HashSet<>();
        long latest = clock.instant().plus(CLOCK_TOLERANCE).toEpochMilli();
        long oldestLasting = clock.instant().minus(LASTING_LIFE).toEpochMilli();
        for (byte[] bytes : encoded) {
            PrekeyRecord record = verified(bytes, device, key);
            if (record.createdMs() > latest) {
                throw invalid("A prekey is more than 24 hours in the future; is the device's clock right?");
            }
            if (!record.kind().oneTime() && record.createdMs() < oldestLasting) {
                throw invalid("An SPK or PQL is older than 180 days; is the device's clock right?");
            }
            // The lasting kinds are named by kind alone: of two of them it would be unclear which one serves.
            Object id = record.kind().oneTime() ? record.keyId() : 0L;
            if (!names.add(List.of(record.kind(), id))) {
                throw invalid("A prekey stands twice in the upload.");
            }
            records.add(record);
        }
        return new PrekeyBatch(records);
    }

    /** @throws IllegalArgumentException unless there are 1 to 142 */
    public static void requireCount(List<byte[]> records) {
        if (records == null || records.isEmpty() || records.size() > MAX_RECORDS || records.contains(null)) {
            throw new IllegalArgumentException("an upload has 1 to 142 records");
        }
    }

    /** Whether a new device can be reached with these alone (MP2P/1 §20, points 1 and 4). */
    public boolean hasLastingKeys() {
        return has(PrekeyKind.SPK) && has(PrekeyKind.PQL);
    }

    List<PrekeyRecord> records() {
        return records;
    }

    private boolean has(PrekeyKind kind) {
        return records.stream().anyMatch(record -> record.kind() == kind);
    }

    private static PrekeyRecord verified(byte[] encoded, Device device, VerifyingKey dsk) {
        try {
            return PrekeyRecord.verified(encoded, device, dsk);
        } catch (FormatException refused) {
            throw invalid("The upload is refused: " + refused.getMessage() + ".");
        }
    }

    /** prekey-invalid. */
    public static ProblemException invalid(String detail) {
        return ProblemException.of(AuthProblem.PREKEY_INVALID, detail);
    }
}
