package org.messengerp2p.mailbox.delivery;

/** Body of {@code PUT /delivery-token}: H(token), 32 bytes. */
record DeliveryTokenRequest(byte[] hash) {

    DeliveryTokenRequest {
        new DeliveryTokenHash(hash);
    }
}
