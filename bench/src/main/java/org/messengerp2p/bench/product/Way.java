package org.messengerp2p.bench.product;

/**
 * How messages come to mailbox-service.
 *
 * @param signedIn by {@code messages} of a device, or by {@code deliver} with the recipient's delivery token
 * @param connections HTTP/1.1 connections, each with one request at a time
 * @param tls whether TLS ends in the service itself
 */
public record Way(boolean signedIn, int connections, boolean tls) {}
