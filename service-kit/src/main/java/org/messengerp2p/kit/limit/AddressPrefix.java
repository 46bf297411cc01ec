package org.messengerp2p.kit.limit;

import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * The network a caller comes from: the first 24 bits of an IPv4 address, the first 64 of an IPv6 one, which is what
 * one subscriber commonly holds; or, for what honest neighbours of one network do a lot of, all 32.
 * {@link #toString()} tells nothing, so that no log line can.
 *
 * @param bits the prefix, its last bit lowest
 */
public record AddressPrefix(long bits, boolean ipv6) {
    private static final int MAPPED_OFFSET = 12;
    private static final int IPV4_NETWORK_BITS = 24;

    /**
     * @param address where the connection comes from; behind a trusted proxy, what the proxy says
     */
    public static AddressPrefix of(SocketAddress address) {
        return of(address, IPV4_NETWORK_BITS);
    }

    /** As {@link #of(SocketAddress)}, and the whole of an IPv4 address. */
    public static AddressPrefix ofOne(SocketAddress address) {
        return of(address, Integer.SIZE);
    }

    private static AddressPrefix of(SocketAddress address, int ipv4Bits) {
        byte[] bytes = address == null || address.hostAddress() == null
                ? null
                : NetUtil.createByteArrayFromIpAddressString(address.hostAddress());
        if (bytes == null) {
            // A socket without address, or a name a proxy sent: all of these share one bucket.
            return new AddressPrefix(0, false);
        }
        if (bytes.length == 4) {
            return ipv4(bytes, 0, ipv4Bits);
        }
        return isMappedIpv4(bytes)
                ? ipv4(bytes, MAPPED_OFFSET, ipv4Bits)
                : new AddressPrefix(ByteBuffer.wrap(bytes).getLong(), true);
    }

    private static AddressPrefix ipv4(byte[] bytes, int at, int bits) {
        long address = Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt(at));
        return new AddressPrefix(address >>> (Integer.SIZE - bits), false);
    }

    private static boolean isMappedIpv4(byte[] bytes) {
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[10] == (byte) 0xFF && bytes[11] == (byte) 0xFF;
    }

    @Override
    public String toString() {
        return "AddressPrefix[…]";
    }
}
