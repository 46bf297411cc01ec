package org.messengerp2p.standalone.web;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;

/** Where the page comes from. */
@ConfigMapping(prefix = "mp2p.web")
interface WebSettings {

    /**
     * Directory with the release form of web-ui. It is read once at start, so a page always gets the files of one
     * release, and neither of the two builds needs the other.
     */
    Path directory();
}
