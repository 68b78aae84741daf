package io.gatefleet.simulated;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One listening address that speaks just enough HTTP/1.1: a request, an answer, and the connection is over; or a WebSocket
 * from then on. (The JDK's own server cannot hand a connection over.)
 */
final class HttpDoor implements AutoCloseable {
    private static final int LONGEST_LINE = 8 * 1024;
    private static final int MOST_HEADERS = 64;
    private static final int LARGEST_BODY = 64 * 1024;
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int GOODBYE_MILLIS = 1_000;

    /** @param headers names in lower case */
    record Request(String method, String path, Map<String, String> headers, String body) {
        boolean wantsWebSocket() {
            return headers.getOrDefault("upgrade", "").equalsIgnoreCase("websocket")
                    && headers.containsKey("sec-websocket-key");
        }
    }

    record Response(int status, String type, String body) {
        static Response json(int status, String body) {
            return new Response(status, "application/json; charset=utf-8", body);
        }
    }

    /** What happens behind the door. */
    interface House {
        Response answer(Request request);

        /** Talks until it is over; the connection is closed then. */
        void talk(WebSocketLine line) throws IOException;
    }

    private final ServerSocket socket = new ServerSocket();
    /** Those who talk. */
    private final Set<Socket> guests = ConcurrentHashMap.newKeySet();

    private final House house;

    HttpDoor(InetAddress address, int port, House house) throws IOException {
        this.house = house;
        try {
            socket.bind(new InetSocketAddress(address, port), 64);
        } catch (IOException | IllegalArgumentException taken) {
            socket.close();
            throw taken;
        }
        daemon("door", this::open);
    }

    private void open() {
        while (!socket.isClosed()) {
            try {
                Socket guest = socket.accept();
                daemon("guest", () -> serve(guest));
            } catch (IOException closedOrTooMany) {
                // The loop's condition knows which.
            }
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, 128 * 1024);
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket guest) {
        try (guest) {
            guest.setTcpNoDelay(true);
            guest.setSoTimeout(PATIENCE_MILLIS);
            InputStream in = new BufferedInputStream(guest.getInputStream());
            OutputStream out = guest.getOutputStream();
            Request request = read(in);
            if (request.wantsWebSocket()) {
                String key = request.headers().get("sec-websocket-key");
                write(
                        out,
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Accept: " + WebSocketLine.accept(String.valueOf(key)) + "\r\n\r\n");
                guests.add(guest);
                house.talk(new WebSocketLine(in, out));
                hearOut(guest, in);
                return;
            }
            Response response = house.answer(request);
            write(
                    out,
                    "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                            .formatted(
                                    response.status(),
                                    response.status() < 400 ? "OK" : "No",
                                    response.type(),
                                    response.body().getBytes(StandardCharsets.UTF_8).length,
                                    response.body()));
        } catch (IOException | IllegalArgumentException hungUp) {
            // Whoever speaks no HTTP, or too much of it, gets no answer.
        } finally {
            guests.remove(guest);
        }
    }

    /** Lets the client say goodbye, too: a socket that is closed before resets the connection, and the last words with it. */
    private static void hearOut(Socket guest, InputStream in) throws IOException {
        guest.shutdownOutput();
        guest.setSoTimeout(GOODBYE_MILLIS);
        int left = LARGEST_BODY;
        while (left-- > 0 && in.read() >= 0) {
            // Nothing that matters any more.
        }
    }

    private static Request read(InputStream in) throws IOException {
        String[] first = line(in).split(" ", -1);
        if (first.length != 3) {
            throw new IllegalArgumentException("no HTTP");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon < 1 || headers.size() >= MOST_HEADERS) {
                throw new IllegalArgumentException("no header, or too many");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        if (length < 0 || length > LARGEST_BODY) {
            throw new IllegalArgumentException("too much");
        }
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Request(first[0], first[1].split("\\?", 2)[0], headers, body);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() > LONGEST_LINE) {
                throw new IllegalArgumentException("no line");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Also hangs up on everybody who talks; whoever waits for an answer gets it. */
    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket guest : guests) {
            guest.close();
        }
    }
}
