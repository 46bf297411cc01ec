package org.messengerp2p.kit.bus.valkey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.messengerp2p.kit.bus.BusSettings;

/** Which nodes the settings name, and which settings name none that could work. */
class ValkeyOptionsTest {

    @Test
    void withoutFurtherNodesThereIsTheOneOfQuarkus() {
        assertEquals(List.of("redis://valkey:6379"), endpoints(given("redis://valkey:6379"), ""));
    }

    @Test
    void namesOneNodeForTheRingHoweverItIsSpelt() {
        assertEquals(
                List.of("redis://valkey:6379", "redis://valkey-2.example.org:6380", "redis://10.0.0.3:6379"),
                endpoints(given("REDIS://Valkey"), " redis://VALKEY-2.Example.org.:6380/ , redis://10.0.0.3"));
    }

    @ParameterizedTest
    @CsvSource({
        "redis://valkey:6379, redis://Valkey",
        "redis://valkey, redis://valkey.:6379/",
        "redis://[::1], redis://[0:0:0:0:0:0:0:1]:6379",
        "redis://127.0.0.1, redis://[::ffff:127.0.0.1]"
    })
    void knowsANodeThatIsNamedTwice(String first, String again) {
        assertTold("twice", "is a node that is named already", given(first), again);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://valkey_2:6379",
                "redis://valkey 2",
                "redis://-valkey",
                "redis://",
                "redis:valkey:6379",
                "redis://1.2.3"
            })
    void refusesWhatIsNoHost(String node) {
        assertTold("further node", "mp2p.bus.further-nodes", given("redis://valkey"), node);
        assertTold("first node", "quarkus.redis.hosts", given(node), "");
    }

    @Test
    void saysWhatToDoAboutAnUnderscore() {
        assertTold(
                "underscore",
                "mp2p.bus.further-nodes: redis://valkey_2:6379 has no host name of letters, digits, dots and inner dashes;"
                        + " with Compose, give a service whose name has an underscore an alias on its network.",
                given("redis://valkey"),
                "redis://valkey_2:6379");
    }

    @Test
    void saysNothingOfAnUnderscoreWhereThereIsNone() {
        assertEquals(
                "mp2p.bus.further-nodes: redis://-valkey has no host name of letters, digits, dots and inner dashes.",
                refusal(given("redis://valkey"), "redis://-valkey"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"valkey-2:6379", "valkey-2", "//valkey-2", "unix:///run/valkey.sock", "http://valkey-2:6379"})
    void refusesWhatIsNotOfValkey(String node) {
        assertTold("scheme", "does not begin with redis://", given("redis://valkey"), node);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://valkey-2:0",
                "redis://valkey-2:65536",
                "redis://valkey-2:port",
                "redis://valkey-2:99999999999"
            })
    void refusesAPortThatIsNone(String node) {
        assertTold("port", "between 1 and 65535", given("redis://valkey"), node);
    }

    @Test
    void givesAllNodesTheUserPasswordAndDatabaseOfTheFirst() {
        List<RedisOptions> each = optionsOf(
                        given("redis://bus:se%2Fcret@valkey/3").setPassword("other"))
                .ofEachNode(settings("redis://valkey-2:6380"));

        assertEquals("redis://bus:se%2Fcret@valkey-2:6380/3", each.get(1).getEndpoint());
        assertEquals("other", each.get(1).getPassword());
        assertEquals("valkey-2:6380", ValkeyOptions.nameOf(each.get(1)));
    }

    @ParameterizedTest
    @CsvSource({
        "redis://bus:planted@valkey-2, ': redis://valkey-2 says more'",
        "redis://valkey-2/3, ': redis://valkey-2 says more'",
        "redis://valkey-2?password=planted, ': redis://valkey-2 says more'",
        "redis://valkey-2?password=pla@nted, ' says more'",
        "redis://bus:planted@valkey_2, ': redis://valkey_2 has no host name'",
        "redis://bus:pla@nted@valkey-2, ': redis://valkey-2 has no host name'",
        "redis://bus:pla/nted@valkey-2, ' has a port'",
        "redis://bus:pla?nted@valkey-2, ' has a port'",
        "redis://bus:planted, ': redis://bus has a port'",
        "redis://:planted:6379, ': redis:// has no host name'",
        "redis://:pl anted@valkey-2, ' is no URI'",
        "bus:planted@valkey-2, ' does not begin with'",
        "http://bus:planted@valkey-2?password=planted, ': http://valkey-2 does not begin with'"
    })
    void refusesAFurtherNodeThatSaysMoreAndTellsNoPassword(String node, String told) {
        String whole = refusal(given("redis://valkey"), node);

        assertTrue(whole.startsWith("mp2p.bus.further-nodes" + told), whole);
        assertFalse(whole.matches(".*(pl|nted).*"), whole);
    }

    @Test
    void reachesAllByTlsOrNone() {
        assertEquals(
                List.of("rediss://valkey:6379", "rediss://valkey-2:6379"),
                endpoints(
                        given("rediss://valkey").setNetClientOptions(new NetClientOptions().setSsl(true)),
                        "rediss://valkey-2"));
        assertTold("plain beside TLS", "all by TLS, or none", given("rediss://valkey"), "redis://valkey-2");
        assertTold("TLS beside plain", "all by TLS, or none", given("redis://valkey"), "rediss://valkey-2");
        assertTold(
                "plain where TLS is asked for",
                "quarkus.redis.hosts: redis://valkey is without TLS",
                given("redis://valkey").setNetClientOptions(new NetClientOptions().setSsl(true)),
                "");
    }

    @Test
    void refusesSeveralHostsAndClustersOfQuarkus() {
        String sentence = "quarkus.redis.hosts names one node";
        assertTold("two hosts", sentence, given("redis://valkey").addConnectionString("redis://valkey-2"), "");
        for (RedisClientType type :
                List.of(RedisClientType.CLUSTER, RedisClientType.SENTINEL, RedisClientType.REPLICATION)) {
            assertTold(type.name(), sentence, given("redis://valkey").setType(type), "");
        }
    }

    @Test
    void asksForAHost() {
        assertThrows(ConfigurationException.class, () -> new ValkeyOptions(null).ofEachNode(settings("")));
    }

    private static void assertTold(String what, String part, RedisOptions first, String further) {
        String told = refusal(first, further);
        assertTrue(told.contains(part) && told.endsWith("."), what + ": " + told);
    }

    private static String refusal(RedisOptions first, String further) {
        return assertThrows(ConfigurationException.class, () -> endpoints(first, further))
                .getMessage();
    }

    private static List<String> endpoints(RedisOptions first, String further) {
        return optionsOf(first).ofEachNode(settings(further)).stream()
                .map(RedisOptions::getEndpoint)
                .toList();
    }

    private static RedisOptions given(String host) {
        return new RedisOptions().addConnectionString(host);
    }

    private static ValkeyOptions optionsOf(RedisOptions first) {
        ValkeyOptions options = new ValkeyOptions(null);
        options.customize("<default>", first);
        return options;
    }

    private static BusSettings settings(String furtherNodes) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(BusSettings.class)
                .withDefaultValues(Map.of("mp2p.bus.further-nodes", furtherNodes))
                .build()
                .getConfigMapping(BusSettings.class);
    }
}
