package org.messengerp2p.kit.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.vertx.core.net.SocketAddress;
import org.junit.jupiter.api.Test;

class AddressPrefixTest {
    @Test
    void takes24BitsOfIpv4() {
        assertEquals(of("192.0.2.1"), of("192.0.2.254"));
        assertNotEquals(of("192.0.2.1"), of("192.0.3.1"));
        assertNotEquals(of("192.0.2.1"), of("193.0.2.1"));
    }

    @Test
    void takesTheWholeOfIpv4IfAsked() {
        assertEquals(one("192.0.2.1"), one("::ffff:192.0.2.1"));
        assertNotEquals(one("192.0.2.1"), one("192.0.2.2"));
        assertNotEquals(one("192.0.2.1"), one("193.0.2.1"));
        assertEquals(one("2001:db8:1:2::1"), one("2001:db8:1:2::2"));
    }

    @Test
    void takes64BitsOfIpv6HoweverItIsWritten() {
        assertEquals(of("2001:db8:1:2::1"), of("2001:0DB8:0001:0002:ffff:ffff:ffff:ffff"));
        assertNotEquals(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assertNotEquals(of("2001:db8:1:2::1"), of("2001:db9:1:2::1"));
    }

    @Test
    void takesAMappedAddressAsIpv4() {
        assertEquals(of("192.0.2.1"), of("::ffff:192.0.2.77"));
        assertNotEquals(of("::ffff:192.0.2.1"), of("::1"));
    }

    @Test
    void putsWhatHasNoAddressTogether() {
        assertEquals(AddressPrefix.of(null), AddressPrefix.of(SocketAddress.domainSocketAddress("/tmp/socket")));
    }

    @Test
    void showsNoAddress() {
        assertFalse(of("192.0.2.1").toString().matches(".*[0-9].*"));
    }

    private static AddressPrefix one(String address) {
        return AddressPrefix.ofOne(SocketAddress.inetSocketAddress(4711, address));
    }

    private static AddressPrefix of(String address) {
        return AddressPrefix.of(SocketAddress.inetSocketAddress(4711, address));
    }
}
