package io.gatefleet.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import io.vertx.openapi.contract.OpenAPIVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A service's OpenAPI document, to hold real routes and real answers against. (vertx-openapi's own response validator
 * knows no {@code application/problem+json}; so its parts are used.)
 */
public final class OpenApiDocument {
    private static final String BASE = "app://openapi";
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head", "options");

    private final JsonObject raw;
    private final JsonObject resolved;
    private final OutputUnit wellFormed;

    private OpenApiDocument(JsonObject raw, JsonObject resolved, OutputUnit wellFormed) {
        this.raw = raw;
        this.resolved = resolved;
        this.wellFormed = wellFormed;
    }

    public static OpenApiDocument of(Vertx vertx, String service) throws TimeoutException {
        JsonObject raw = read("/openapi/" + service + ".yaml");
        OpenAPIVersion version = OpenAPIVersion.fromContract(raw);
        SchemaRepository repository = version.getRepository(vertx, BASE).await(10, TimeUnit.SECONDS);
        OutputUnit wellFormed = version.validateContract(vertx, repository, raw).await(10, TimeUnit.SECONDS);
        JsonObject closed = closed(raw.copy());
        JsonObject resolved = version.resolve(vertx, repository, closed).await(10, TimeUnit.SECONDS);
        return new OpenApiDocument(raw, resolved, wellFormed);
    }

    /** What OpenAPI's own schema says of the document. */
    public OutputUnit wellFormed() {
        return wellFormed;
    }

    /** {@code GET /v1/instances/{host}/{instance}} and so on. */
    public Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        raw.getJsonObject("paths").forEach(path -> ((JsonObject) path.getValue())
                .fieldNames().stream()
                        .filter(METHODS::contains)
                        .forEach(method ->
                                operations.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
        return operations;
    }

    /** The same of a router. */
    public static Set<String> routes(Router router) {
        Set<String> routes = new TreeSet<>();
        router.getRoutes().stream()
                .filter(route -> route.getPath() != null && route.methods() != null)
                .forEach(route -> route.methods()
                        .forEach(method ->
                                routes.add(method.name() + " " + route.getPath().replaceAll(":([A-Za-z]+)", "{$1}"))));
        return routes;
    }

    /** Insists that the answer's status, media type and body are documented, and no field of it is not. */
    public void check(String method, String path, HttpResponse<Buffer> answer) {
        JsonObject operation = resolved.getJsonObject("paths")
                .getJsonObject(path)
                .getJsonObject(method.toLowerCase(java.util.Locale.ROOT));
        JsonObject response = operation.getJsonObject("responses").getJsonObject(Integer.toString(answer.statusCode()));
        assertThat(response)
                .as("%s %s answered %d: %s", method, path, answer.statusCode(), answer.bodyAsString())
                .isNotNull();
        if (response.getJsonObject("content") == null) {
            assertThat(answer.body()).as("body of %s %s", method, path).isNull();
            return;
        }
        String type = answer.getHeader("content-type").split(";", 2)[0];
        JsonObject media = response.getJsonObject("content").getJsonObject(type);
        assertThat(media).as("%s %s answers %s", method, path, type).isNotNull();
        if (type.endsWith("json")) {
            OutputUnit result = Validator.create(
                            JsonSchema.of(media.getJsonObject("schema")),
                            new JsonSchemaOptions()
                                    .setBaseUri(BASE)
                                    .setDraft(Draft.DRAFT202012)
                                    .setOutputFormat(OutputFormat.Basic))
                    .validate(answer.bodyAsJsonObject());
            assertThat(result.getValid())
                    .as("%s %s: %s against %s", method, path, result.getErrors(), answer.bodyAsString())
                    .isTrue();
        }
    }

    /** Clients may meet fields of a newer version; in these tests an undocumented field is a fault of the document. */
    private static JsonObject closed(JsonObject node) {
        if ("object".equals(node.getValue("type"))
                && node.containsKey("properties")
                && !node.containsKey("additionalProperties")) {
            node.put("additionalProperties", false);
        }
        for (Map.Entry<String, Object> entry : node) {
            closed(entry.getValue());
        }
        return node;
    }

    private static void closed(Object value) {
        if (value instanceof JsonObject object) {
            closed(object);
        } else if (value instanceof JsonArray array) {
            array.forEach(OpenApiDocument::closed);
        }
    }

    private static JsonObject read(String path) {
        try (InputStream in = OpenApiDocument.class.getResourceAsStream(path)) {
            return new JsonObject(new Yaml(new SafeConstructor(new LoaderOptions())).<Map<String, Object>>load(in));
        } catch (IOException cause) {
            throw new UncheckedIOException(path, cause);
        }
    }
}
