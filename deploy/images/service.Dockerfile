# One service, named by SERVICE. ARTEFACT says where its files come from: `source` builds them here, `prebuilt` takes
# what lies in the checkout's target folders. BuildKit leaves the other of the two alone.
ARG ARTEFACT=source

# All three at once and the same for every SERVICE, so that BuildKit does it once.
FROM maven:3.9.12-eclipse-temurin-25 AS source
WORKDIR /build
COPY pom.xml ./
COPY service-kit service-kit
COPY test-kit test-kit
COPY auth-service/pom.xml auth-service/pom.xml
COPY auth-service/src auth-service/src
COPY mailbox-service/pom.xml mailbox-service/pom.xml
COPY mailbox-service/src mailbox-service/src
COPY signaling-service/pom.xml signaling-service/pom.xml
COPY signaling-service/src signaling-service/src
COPY standalone/pom.xml standalone/pom.xml
COPY bench/pom.xml bench/pom.xml
COPY bench/relay-floor/pom.xml bench/relay-floor/pom.xml
RUN --mount=type=cache,target=/root/.m2 mvn --batch-mode --no-transfer-progress --quiet package --projects auth-service,mailbox-service,signaling-service --also-make -Dmaven.test.skip=true -Dspotless.check.skip=true

FROM scratch AS prebuilt
COPY auth-service/target/quarkus-app /build/auth-service/target/quarkus-app
COPY mailbox-service/target/quarkus-app /build/mailbox-service/target/quarkus-app
COPY signaling-service/target/quarkus-app /build/signaling-service/target/quarkus-app

FROM ${ARTEFACT} AS artefact

FROM eclipse-temurin:25-jre
ARG SERVICE
# From what changes least to what changes most.
COPY --from=artefact /build/${SERVICE}/target/quarkus-app/lib/boot /opt/messenger/lib/boot
COPY --from=artefact /build/${SERVICE}/target/quarkus-app/lib/main /opt/messenger/lib/main
COPY --from=artefact /build/${SERVICE}/target/quarkus-app/quarkus-run.jar /opt/messenger/quarkus-run.jar
COPY --from=artefact /build/${SERVICE}/target/quarkus-app/quarkus /opt/messenger/quarkus
COPY --from=artefact /build/${SERVICE}/target/quarkus-app/app /opt/messenger/app
COPY deploy/images/ready.sh /opt/messenger/ready.sh
WORKDIR /opt/messenger
USER 10001:10001
# Half of the container's memory for the heap: the rest is Netty's buffers, code and threads.
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:MaxRAMPercentage=50", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData", "--sun-misc-unsafe-memory-access=allow", "-jar", "/opt/messenger/quarkus-run.jar"]
