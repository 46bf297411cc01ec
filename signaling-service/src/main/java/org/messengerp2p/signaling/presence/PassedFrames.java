package org.messengerp2p.signaling.presence;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.connection.DeviceConnection;

/** Takes the frames that another replica passes on to a device of this one. */
public interface PassedFrames {

    /**
     * @param device the addressee
     * @param connection that of the addressee; empty where it has just gone
     */
    void arrived(Device device, Optional<DeviceConnection> connection, Buffer frame);
}
