package io.gatefleet.bench.server;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** Asks an HTTP server whether it is ready. */
public final class ReadyProbe {
    private static final int TIMEOUT_MILLIS = 1_000;

    private ReadyProbe() {}

    /** Whether it answers 200. */
    public static boolean isReady(URI uri) {
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            try {
                return connection.getResponseCode() == 200;
            } finally {
                connection.disconnect();
            }
        } catch (IOException notYet) {
            return false;
        }
    }
}
