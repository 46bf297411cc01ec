package org.messengerp2p.mailbox.delivery;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Body of {@code PUT /delivery-token}: H(token), 32 bytes. */
record DeliveryTokenRequest(@Schema(ref = "Hash") byte[] hash) {

    DeliveryTokenRequest {
        new DeliveryTokenHash(hash);
    }
}
