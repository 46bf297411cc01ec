package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.net.HostAndPort;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messengerp2p.signaling.SignalingSettings;

class OriginRuleTest {

    @ParameterizedTest
    @CsvSource({
        "https://chat.example.org,      chat.example.org, -1,   true",
        "https://chat.example.org,      chat.example.org, 443,  true",
        "https://CHAT.example.org,      chat.example.org, -1,   true",
        "https://chat.example.org:443,  chat.example.org, -1,   true",
        "http://localhost:8080,         localhost,        8080, true",
        "http://chat.example.org,       chat.example.org, -1,   true",
        "https://chat.example.org,      chat.example.org, 8443, false",
        "https://chat.example.org:8443, chat.example.org, -1,   false",
        "https://evil.example.org,      chat.example.org, -1,   false",
        "https://chat.example.org.evil, chat.example.org, -1,   false",
        "ftp://chat.example.org,        chat.example.org, -1,   false",
        "null,                          chat.example.org, -1,   false",
        "not an origin,                 chat.example.org, -1,   false",
        "'',                            chat.example.org, -1,   false",
        ",                              chat.example.org, -1,   false"
    })
    void withoutAListTheOriginIsTheHostThatIsAsked(String origin, String host, int port, boolean allowed) {
        OriginRule rule = rule(Map.of());

        assertEquals(allowed, rule.allows(origin, HostAndPort.create(host, port)));
    }

    @ParameterizedTest
    @CsvSource({
        "https://chat.example.org,      true",
        "https://CHAT.EXAMPLE.ORG,      true",
        "https://chat.example.org:8443, false",
        "https://localhost,             false",
        ",                              false"
    })
    void aListReplacesThatRule(String origin, boolean allowed) {
        OriginRule rule = rule(Map.of("mp2p.signaling.origins", "https://chat.example.org"));

        assertEquals(allowed, rule.allows(origin, HostAndPort.create("localhost", 443)));
    }

    @ParameterizedTest
    @CsvSource({", true", "https://evil.example.org, false"})
    void aMissingOriginIsAllowedBySettingAlone(String origin, boolean allowed) {
        OriginRule rule = rule(Map.of("mp2p.signaling.missing-origin-allowed", "true"));

        assertEquals(allowed, rule.allows(origin, HostAndPort.create("localhost", 443)));
    }

    private static OriginRule rule(Map<String, String> settings) {
        return new OriginRule(new SmallRyeConfigBuilder()
                .withMapping(SignalingSettings.class)
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(SignalingSettings.class));
    }
}
