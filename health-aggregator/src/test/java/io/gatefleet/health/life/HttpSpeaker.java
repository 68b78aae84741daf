package io.gatefleet.health.life;

import io.gatefleet.contract.Problem;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.HeartbeatReply;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.instance.Registration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Over HTTP: as a node does, it asks the next registry where one does not answer or is told of no allocator. */
final class HttpSpeaker implements Speaker {
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final List<URI> registries;
    private int preferred;

    HttpSpeaker(List<URI> registries) {
        this.registries = registries;
    }

    @Override
    public Said register(InstanceKey key, RegisterInstance word) {
        return registerWith(key, Wire.LENIENT.write(word).toString());
    }

    @Override
    public Said registerWith(InstanceKey key, String text) {
        return said(
                ask("PUT", path(key), text),
                body -> new Said(
                        "registered",
                        Wire.LENIENT.read(body, Registration.class).lease(),
                        ""));
    }

    @Override
    public Said heartbeat(InstanceKey key, Heartbeat word) {
        return said(
                ask("POST", path(key) + "/heartbeats", Wire.LENIENT.write(word).toString()),
                body -> new Said(
                        "heard", Wire.LENIENT.read(body, HeartbeatReply.class).lease(), ""));
    }

    @Override
    public Said deregister(InstanceKey key, Incarnation incarnation, boolean portsClosed) {
        return said(
                ask("DELETE", path(key) + "?incarnation=" + incarnation + "&portsClosed=" + portsClosed, ""),
                body -> new Said("departed", null, ""));
    }

    @Override
    public void registerAndGoAway(InstanceKey key, RegisterInstance word) {
        byte[] body = Wire.LENIENT.write(word).getBytes();
        URI registry = registries.get(preferred);
        try (Socket socket = new Socket(registry.getHost(), registry.getPort())) {
            socket.getOutputStream()
                    .write("PUT %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                            .formatted(path(key), body.length)
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static String path(InstanceKey key) {
        return "/v1/instances/" + key.host() + "/" + key.instance();
    }

    private interface Reader {
        Said read(byte[] body);
    }

    private static Said said(HttpResponse<byte[]> answer, Reader reader) {
        if (answer.statusCode() / 100 == 2) {
            return reader.read(answer.body());
        }
        Problem problem = Wire.LENIENT.read(answer.body(), Problem.class);
        return new Said(problem.code(), null, problem.detail());
    }

    private HttpResponse<byte[]> ask(String method, String path, String body) {
        String silence = "";
        HttpResponse<byte[]> last = null;
        for (int tries = 0; tries < registries.size(); tries++) {
            try {
                last = client.send(
                        HttpRequest.newBuilder(registries.get(preferred).resolve(path))
                                .timeout(ANSWER)
                                .header("content-type", "application/json")
                                .method(method, BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofByteArray());
                if (last.statusCode() < 500
                        || !new String(last.body(), StandardCharsets.UTF_8).contains("\"unavailable\"")) {
                    return last;
                }
            } catch (IOException cause) {
                silence += registries.get(preferred) + ": " + cause + "; ";
            } catch (InterruptedException told) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("told to end", told);
            }
            preferred = (preferred + 1) % registries.size();
        }
        if (last == null) {
            throw new IllegalStateException(method + " " + path + ": " + silence);
        }
        return last;
    }
}
