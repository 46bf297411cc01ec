package org.messengerp2p.bench.process;

import java.util.List;

/** Roots of the processes of a system that is measured. */
public record Processes(List<Long> service, List<Long> gateway, List<Long> database) {

    public static Processes ofService(long root) {
        return new Processes(List.of(root), List.of(), List.of());
    }

    public Processes behind(long gateway) {
        return new Processes(service, List.of(gateway), database);
    }
}
