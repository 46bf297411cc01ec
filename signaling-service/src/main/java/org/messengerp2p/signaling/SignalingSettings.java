package org.messengerp2p.signaling;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.messengerp2p.kit.limit.Limit;

/** Settings of the signaling service; the defaults are those of MP2P/1 §20.1. */
@ConfigMapping(prefix = "mp2p.signaling")
public interface SignalingSettings {

    /**
     * Origins that may open a socket, such as {@code https://chat.example.org}. Unset: the page's origin must be the
     * host and port that the request itself names.
     */
    Optional<Set<String>> origins();

    /** Whether a request without an Origin may open a socket; every browser sends one. */
    @WithDefault("false")
    boolean missingOriginAllowed();

    /** Largest message in either direction, in bytes. */
    @WithDefault("65536")
    int maxFrame();

    /** Largest payload of a RELAY, in bytes (MAX_ENVELOPE). */
    @WithDefault("40960")
    int maxEnvelope();

    /** Time between two pings of the server; peers are told it in whole seconds, at least one. */
    @WithDefault("PT25S")
    Duration ping();

    /** A peer that sends nothing for this long, not even a pong, is gone. */
    @WithDefault("PT60S")
    Duration silence();

    /** Memory that one socket's unsent frames may hold; a frame of the largest size has room in it. */
    @WithDefault("1M")
    MemorySize sendQueue();

    /** Memory that the unsent frames of all sockets may hold together. Unset: a quarter of the heap, or of direct memory. */
    Optional<MemorySize> sendMemory();

    /** Memory that messages of which a part has come may hold, of all sockets together. Unset: an eighth of the same. */
    Optional<MemorySize> partialMemory();

    /**
     * Time for the rest of a message that holds some of that memory; a socket whose message does not end within twice of
     * it is closed, within once of it where no other message ended meanwhile.
     */
    @WithDefault("PT15S")
    Duration messagePatience();

    /**
     * Time in which a socket with more than a sixteenth of its queue, or with more than a little while the memory fills
     * up, must get through a quarter of what waits, or it is closed as a slow reader.
     */
    @WithDefault("PT5S")
    Duration slowReaderPatience();

    /** How long a peer has to answer a close frame before the connection is cut. */
    @WithDefault("PT5S")
    Duration closeGrace();

    /** How long before its token ends a device is asked for a new one. */
    @WithDefault("PT60S")
    Duration reauthNotice();

    /** Time over which devices spread their return after this service stops; in whole seconds, at most five minutes. */
    @WithDefault("PT30S")
    Duration reconnectWindow();

    /** Internal listener of auth-service; unused in one process. */
    @WithDefault("http://127.0.0.1:8181")
    URI authInternalUrl();

    /** Internal listener of mailbox-service; unused in one process. */
    @WithDefault("http://127.0.0.1:8183")
    URI mailboxInternalUrl();

    Drain drain();

    Revocations revocations();

    DeliveryTokens deliveryTokens();

    Limits limits();

    Ice ice();

    Replicas replicas();

    /** How sockets end when this service stops. */
    interface Drain {

        /** Time over which they are closed, a tenth of a second's share at once; zero for all at once. */
        @WithDefault("PT10S")
        Duration window();
    }

    /** How auth-service is asked which devices were removed. */
    interface Revocations {

        /**
         * Time between two questions. A removal that the bus does not tell is known after the longer of the two times
         * here, and the patience once more.
         */
        @WithDefault("PT2S")
        Duration every();

        /** Longest that an answer may take. */
        @WithDefault("PT2S")
        Duration patience();
    }

    /** How mailbox-service is asked which delivery tokens are right. */
    interface DeliveryTokens {

        /** Longest that an answer may take. */
        @WithDefault("PT3S")
        Duration patience();

        /** Time until the question is asked again that was not answered, doubled up to the longest. */
        @WithDefault("PT1S")
        Duration firstRetry();

        /** Longest time until then; a random half of it is left out. */
        @WithDefault("PT30S")
        Duration longestRetry();
    }

    /** How often a device may do what costs others something. */
    interface Limits {

        /** Handshakes from one address (IPv4 /24, IPv6 /64), with a good token or not. */
        @WithDefault("600/PT1M")
        Limit handshakesByAddress();

        /** Handshakes with a good token of one account. */
        @WithDefault("60/PT1M/120")
        Limit handshakesByAccount();

        /** Open sockets from one address: a whole IPv4 one, since many of a network are open for long; IPv6 /64. */
        @WithDefault("512")
        int socketsByAddress();

        /** Open sockets of one account; it has at most eight devices, and replaced sockets linger. */
        @WithDefault("32")
        int socketsByAccount();

        /** Open sockets in all. Unset: one for each 24 KiB of the heap, or of direct memory. */
        OptionalInt sockets();

        /**
         * Frames a second, of any kind, that are read of one connection, where each 16 KiB in a frame count as one
         * more; as many at once. It is not read for a while beyond that. Unset: twice those of RELAY and TAKEN.
         */
        OptionalInt framesPerSecond();

        /**
         * As {@link #framesPerSecond()}, of all connections from one address together; where there are many, each has
         * its part. Unset: twenty times those of one, or once for each 25 of {@link #socketsByAddress()}, where that is
         * more.
         */
        OptionalInt framesPerSecondByAddress();

        /** RELAY frames a second, of one connection; as many at once. */
        @WithDefault("200")
        int relayPerSecond();

        /** RELAY frames a second, from one connection to one device; as many at once. */
        @WithDefault("100")
        int relayPerPairPerSecond();

        /** TAKEN frames a second, of one connection; one may acknowledge 256 RELAYs. */
        @WithDefault("400")
        int takenPerSecond();

        /** {@code watch} messages a minute. */
        @WithDefault("10")
        int watchPerMinute();

        /** {@code reauth} messages a minute; each costs a signature check. */
        @WithDefault("10")
        int reauthPerMinute();

        /** ICE configurations an hour, and so new TURN names, of one device; as many at once. */
        @WithDefault("20")
        int icePerHour();

        /** Accounts that one connection may watch beside its own, which one question can be about. */
        @WithDefault("200")
        int watchedAccounts();

        /** Devices from which a connection remembers that it was handed a RELAY. */
        @WithDefault("2048")
        int heardDevices();

        /** Frames of one connection that may wait for the answer of another replica. */
        @WithDefault("64")
        int framesElsewhere();

        /** Bytes in these frames; the largest RELAY has room. */
        @WithDefault("512K")
        MemorySize bytesElsewhere();
    }

    /** What replicas of this service, behind one Valkey, tell each other of presence. */
    interface Replicas {

        /** How long a device counts as connected to a replica that does not say so again; longer than the other two. */
        @WithDefault("PT60S")
        Duration presenceLife();

        /** How often a replica says again which devices are connected to it. */
        @WithDefault("PT20S")
        Duration presenceRefresh();

        /** How often the presence of watched accounts is read again, since what tells of a change may be lost. */
        @WithDefault("PT30S")
        Duration presenceReread();
    }

    /** Servers by which browsers find a direct path; without any, peers on one network still find each other. */
    interface Ice {

        /** {@code stun:} and {@code stuns:} URIs (RFC 7064). */
        Optional<List<String>> stunUris();

        /** {@code turn:} and {@code turns:} URIs (RFC 7065). */
        Optional<List<String>> turnUris();

        /** File with the secret that the TURN server shares (coturn's {@code static-auth-secret}); one line. */
        Optional<Path> turnSecretFile();

        /** How long the answer, and TURN credentials in it, are good. */
        @WithDefault("PT1H")
        Duration credentialLife();
    }
}
