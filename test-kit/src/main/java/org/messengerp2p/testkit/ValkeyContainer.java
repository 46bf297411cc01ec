package org.messengerp2p.testkit;

import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/** The server as a container. Its port is fixed, since a container that starts again gets another one otherwise. */
final class ValkeyContainer implements ValkeyServer {

    private static final String IMAGE = "valkey/valkey:9";
    private static final int INSIDE = 6379;

    private final int port;
    private final GenericContainer<?> container;

    ValkeyContainer(int port) {
        this.port = port;
        this.container = new GenericContainer<>(IMAGE);
        container.setPortBindings(List.of("127.0.0.1:" + port + ":" + INSIDE));
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void start() {
        if (container.getContainerId() == null) {
            container.start();
        } else {
            DockerClientFactory.instance()
                    .client()
                    .startContainerCmd(container.getContainerId())
                    .exec();
        }
        ValkeyServer.awaitAnswer(port);
    }

    @Override
    public void kill() {
        DockerClientFactory.instance()
                .client()
                .killContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void freeze() {
        DockerClientFactory.instance()
                .client()
                .pauseContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void thaw() {
        DockerClientFactory.instance()
                .client()
                .unpauseContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void close() {
        container.stop();
    }
}
