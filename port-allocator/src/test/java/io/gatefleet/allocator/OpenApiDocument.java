package io.gatefleet.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/**
 * A service's OpenAPI document, to hold what the service does against it. (vertx-openapi reads no document that speaks
 * of {@code application/problem+json}.)
 */
final class OpenApiDocument {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final JsonObject document;

    private OpenApiDocument(JsonObject document) {
        this.document = document;
    }

    static OpenApiDocument of(String service) {
        String path = "/openapi/" + service + ".yaml";
        try (InputStream in = OpenApiDocument.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("missing from the class path: " + path);
            }
            Map<String, Object> yaml = new Yaml().load(in);
            JsonObject document = new JsonObject(new JsonObject(yaml).encode());
            close(document.getJsonObject("components").getJsonObject("schemas"));
            return new OpenApiDocument(document);
        } catch (IOException cause) {
            throw new UncheckedIOException(path, cause);
        }
    }

    /** Readers must bear further fields; whoever tests what is written must not. */
    private static void close(JsonObject node) {
        if (node.containsKey("properties") && !node.containsKey("additionalProperties")) {
            node.put("additionalProperties", false);
        }
        node.forEach(entry -> {
            if (entry.getValue() instanceof JsonObject child) {
                close(child);
            }
        });
    }

    /** For example {@code GET /v1/hosts/{host}}. */
    Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        paths().forEach(path -> ((JsonObject) path.getValue())
                .fieldNames().stream()
                        .filter(METHODS::contains)
                        .forEach(method -> operations.add(
                                HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)) + " " + path.getKey())));
        return operations;
    }

    /** Fails unless the document says that this operation may answer so. */
    void check(HttpMethod method, String path, HttpResponse<Buffer> response) {
        String what = method + " " + path + " -> " + response.statusCode() + " " + response.bodyAsString();
        JsonObject operation = operation(method, path);
        assertThat(operation).as(what).isNotNull();
        JsonObject responses = operation.getJsonObject("responses");
        JsonObject described = responses.getJsonObject(Integer.toString(response.statusCode()));
        JsonObject answer = resolve(described == null ? responses.getJsonObject("default") : described);
        assertThat(answer).as(what).isNotNull();
        JsonObject content = answer.getJsonObject("content");
        if (content == null) {
            assertThat(response.body()).as(what).isNull();
            return;
        }
        String type = String.valueOf(response.getHeader("content-type")).split(";", 2)[0];
        JsonObject media = content.getJsonObject(type);
        assertThat(media).as(what + " as " + type).isNotNull();
        if (type.endsWith("json")) {
            validate(what, media.getJsonObject("schema"), response.bodyAsJsonObject());
        }
    }

    private void validate(String what, JsonObject schema, JsonObject body) {
        JsonObject whole = schema.copy().put("components", document.getJsonObject("components"));
        OutputUnit result = Validator.create(
                        JsonSchema.of(whole),
                        new JsonSchemaOptions()
                                .setBaseUri("https://gatefleet.io")
                                .setDraft(Draft.DRAFT202012)
                                .setOutputFormat(OutputFormat.Basic))
                .validate(body);
        assertThat(result.getErrors()).as(what).isNullOrEmpty();
        assertThat(result.getValid()).as(what).isTrue();
    }

    private JsonObject paths() {
        return document.getJsonObject("paths");
    }

    private @Nullable JsonObject operation(HttpMethod method, String path) {
        for (String template : paths().fieldNames()) {
            if (path.matches(template.replaceAll("\\{[^}]+}", "[^/]+").replace(".", "\\."))) {
                JsonObject operation = paths().getJsonObject(template)
                        .getJsonObject(method.name().toLowerCase(Locale.ROOT));
                if (operation != null) {
                    return operation;
                }
            }
        }
        return null;
    }

    private @Nullable JsonObject resolve(@Nullable JsonObject node) {
        if (node == null || !node.containsKey("$ref")) {
            return node;
        }
        JsonObject at = document;
        for (String step : node.getString("$ref").substring(2).split("/", -1)) {
            at = at.getJsonObject(step);
        }
        return at;
    }

    /** References that lead nowhere. */
    Set<String> danglingReferences() {
        Set<String> dangling = new TreeSet<>();
        collect(document, dangling);
        return dangling;
    }

    private void collect(Object node, Set<String> dangling) {
        if (node instanceof JsonObject object) {
            object.forEach(entry -> {
                if (entry.getKey().equals("$ref")) {
                    try {
                        if (resolve(object) == null) {
                            dangling.add((String) entry.getValue());
                        }
                    } catch (NullPointerException nowhere) {
                        dangling.add((String) entry.getValue());
                    }
                } else {
                    collect(entry.getValue(), dangling);
                }
            });
        } else if (node instanceof JsonArray array) {
            array.forEach(item -> collect(item, dangling));
        }
    }
}
