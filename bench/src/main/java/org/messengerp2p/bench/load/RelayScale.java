package org.messengerp2p.bench.load;

/**
 * How much is relayed and connected.
 *
 * @param connections that talk, an even number
 * @param warmUp messages before anything is measured, of a system that compiles while it runs; of another an eighth
 * @param warmUpAtRate further ones, at the rate
 * @param perSecond the rate
 * @param passing connections that come and go, once before the idle ones
 * @param passes how often as many do so until connecting is measured, at a system that compiles while it runs
 * @param few idle connections at which memory is read first
 * @param many and then
 * @param settleMillis how long the connections have been idle then
 * @param back connections that all come back at once, straight to the service
 * @param backBehindGateway and through the gateway
 * @param hostile sockets that a hostile client tries to hold open, an even number
 */
public record RelayScale(
        int connections,
        int warmUp,
        int warmUpAtRate,
        int atRate,
        int flatOut,
        int perSecond,
        int passing,
        int passes,
        int few,
        int many,
        int settleMillis,
        int back,
        int backBehindGateway,
        int hostile) {

    /** 2,000 a second between 200 connections for ten seconds, 200,000 flat out; 500 and then 2,000 idle ones. */
    public static final RelayScale FULL = new RelayScale(
            200, 400_000, 6_000, 20_000, 200_000, 2_000, 300, 60, 500, 2_000, 4_000, 10_000, 4_000, 1_000);

    /** So little that it shows only that it runs. */
    public static final RelayScale TINY = new RelayScale(4, 800, 50, 100, 200, 500, 4, 2, 4, 12, 10, 20, 20, 20);

    /** Who are there in all, where so many come and go so often: each of them for the first time. */
    public int users(int passes) {
        return connections + many + passing * passes;
    }
}
