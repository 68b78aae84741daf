package io.gatefleet.contract.bus;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.ConstructorDetector;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.gatefleet.contract.BadInput;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The JSON that Gatefleet writes and reads. Two readers: {@link #LENIENT} for what other parts of the fleet send, which
 * may be a version ahead (unknown fields are ignored and counted), and {@link #STRICT} for what operators write. Both
 * refuse a record's missing field unless it is {@code @Nullable}, and both say name, value and expected.
 */
public final class Wire {
    public static final Wire LENIENT = new Wire(false);
    public static final Wire STRICT = new Wire(true);

    private final LongAdder unknownFields = new LongAdder();
    private final ObjectMapper mapper;

    private Wire(boolean strict) {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(32)
                        .maxStringLength(64 * 1024)
                        .maxNumberLength(40)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        mapper = JsonMapper.builder(factory)
                .constructorDetector(ConstructorDetector.DEFAULT)
                .annotationIntrospector(new NonNullMeansRequired())
                .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, strict)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                // "5" is no number, and 5 is no text: who mixes them up meant something else.
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(
                        LogicalType.Textual, text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .build();
        // A null inside a list or map would break whoever copies it.
        mapper.setDefaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL));
        if (!strict) {
            mapper.addHandler(new CountUnknown());
        }
    }

    /** Unknown fields that this reader ignored since the start: not zero while versions are mixed. */
    public long ignoredFields() {
        return unknownFields.sum();
    }

    /** For what needs Jackson's own types. Do not reconfigure. */
    public ObjectMapper mapper() {
        return mapper;
    }

    /**
     * Gets ready to write and read these types. The first word of a type costs a hundred times what the next one does, and
     * the first registration of a process so kept everybody waiting for 0.3 s of a processor. Blocks for as long.
     */
    public void prepare(Class<?>... types) {
        for (Class<?> type : types) {
            // Both look the whole type up when they are made.
            mapper.writerFor(type);
            mapper.readerFor(type);
            // Of a sealed type they look up nothing but that it is one.
            if (type.isSealed()) {
                prepare(type.getPermittedSubclasses());
            }
        }
    }

    public Buffer write(Object value) {
        try {
            return Buffer.buffer(mapper.writeValueAsBytes(value));
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), bug);
        }
    }

    /** @throws BadInput if the text is no JSON of that type */
    public <T> T read(Buffer json, Class<T> type) {
        return read(json.getBytes(), type);
    }

    /** @throws BadInput if the text is no JSON of that type */
    public <T> T read(byte[] json, Class<T> type) {
        T value;
        try {
            value = mapper.readValue(json, type);
        } catch (JsonProcessingException wrong) {
            throw complaint(wrong);
        } catch (IOException impossible) {
            throw new IllegalStateException("reading from memory failed", impossible);
        }
        if (value == null) {
            throw new BadInput("body", "null", "a JSON object");
        }
        return value;
    }

    private static BadInput complaint(JsonProcessingException wrong) {
        if (!(wrong instanceof JsonMappingException mapping)) {
            return new BadInput("body", "no JSON: " + wrong.getOriginalMessage(), "well-formed JSON");
        }
        String path = path(mapping);
        for (Throwable cause = mapping; cause != null; cause = cause.getCause()) {
            if (cause instanceof BadInput bad) {
                return new BadInput(name(path, bad.name(), mapping), bad.value(), bad.expected());
            }
        }
        if (mapping instanceof UnrecognizedPropertyException unknown) {
            String known = unknown.getKnownPropertyIds() == null
                    ? "no such field"
                    : unknown.getKnownPropertyIds().stream()
                            .map(String::valueOf)
                            .sorted()
                            .collect(Collectors.joining(", "));
            return new BadInput(path, "unknown field", "one of " + known);
        }
        if (mapping instanceof InvalidNullException) {
            return new BadInput(path.isEmpty() ? "body" : path, "null", "a value");
        }
        if (mapping instanceof InvalidFormatException format) {
            return new BadInput(path, format.getValue(), kind(format.getTargetType()));
        }
        if (mapping instanceof InvalidTypeIdException kind) {
            return kind(path, kind);
        }
        if (mapping instanceof MismatchedInputException mismatch) {
            boolean missing = String.valueOf(mapping.getOriginalMessage()).startsWith("Missing required");
            return new BadInput(
                    path.isEmpty() ? "body" : path,
                    missing ? "absent" : "another type",
                    missing ? "a value" : kind(mismatch.getTargetType()));
        }
        return new BadInput(path.isEmpty() ? "body" : path, mapping.getOriginalMessage(), "well-formed JSON");
    }

    /** A sealed type whose discriminator is absent, or a word that nobody knows. */
    private static BadInput kind(String path, InvalidTypeIdException wrong) {
        Class<?> type = wrong.getBaseType().getRawClass();
        JsonTypeInfo info = type.getAnnotation(JsonTypeInfo.class);
        JsonSubTypes known = type.getAnnotation(JsonSubTypes.class);
        String property = info == null ? "type" : info.property();
        return new BadInput(
                path.isEmpty() ? property : path + "." + property,
                wrong.getTypeId() == null ? "absent" : wrong.getTypeId(),
                known == null
                        ? "a kind that is known"
                        : Arrays.stream(known.value())
                                .map(JsonSubTypes.Type::name)
                                .collect(Collectors.joining(", ", "one of ", "")));
    }

    /**
     * Who is complained about: the field at {@code path}, or the field {@code said} of the record that could not be made
     * from what stands there.
     */
    private static String name(String path, String said, JsonMappingException mapping) {
        if (path.isEmpty() || said.equals(path) || said.startsWith(path + ".")) {
            return said;
        }
        JavaType type = mapping instanceof ValueInstantiationException instantiation ? instantiation.getType() : null;
        RecordComponent[] components = type == null ? null : type.getRawClass().getRecordComponents();
        String last = said.substring(said.lastIndexOf('.') + 1);
        boolean ofRecord = components != null
                && Arrays.stream(components)
                        .anyMatch(component -> component.getName().equals(last));
        return ofRecord ? path + "." + last : path;
    }

    private static String path(JsonMappingException mapping) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : mapping.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.toString();
    }

    private static String kind(@Nullable Class<?> type) {
        if (type == null) {
            return "a different value";
        }
        if (type == int.class || type == long.class || Number.class.isAssignableFrom(type)) {
            return "a whole number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "a boolean";
        }
        if (Iterable.class.isAssignableFrom(type)) {
            return "a list";
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getFields())
                    .filter(Field::isEnumConstant)
                    .map(Wire::written)
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        RecordComponent[] components = type.getRecordComponents();
        if (components != null
                && components.length == 1
                && components[0].getAccessor().isAnnotationPresent(JsonValue.class)) {
            return kind(components[0].getType());
        }
        return type.isRecord() || java.util.Map.class.isAssignableFrom(type) ? "a JSON object" : "a string";
    }

    private static String written(Field constant) {
        JsonProperty name = constant.getAnnotation(JsonProperty.class);
        return name == null ? constant.getName() : name.value();
    }

    /** A record's component is required unless its type says {@code @Nullable}: one truth for compiler and reader. */
    private static final class NonNullMeansRequired extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
            Boolean nullable = nullable(member);
            return nullable == null ? super.hasRequiredMarker(member) : Boolean.valueOf(!nullable);
        }

        @Override
        public JsonSetter.Value findSetterInfo(Annotated annotated) {
            Boolean nullable = nullable(annotated);
            return nullable == null || nullable
                    ? super.findSetterInfo(annotated)
                    : JsonSetter.Value.forValueNulls(Nulls.FAIL);
        }

        private static @Nullable Boolean nullable(Annotated annotated) {
            if (!(annotated instanceof AnnotatedParameter parameter)) {
                return null;
            }
            Class<?> owner = parameter.getDeclaringClass();
            RecordComponent[] components = owner.getRecordComponents();
            if (components == null || parameter.getOwner().getParameterCount() != components.length) {
                return null;
            }
            // Where whatever else there is goes, there may be nothing else.
            return parameter.hasAnnotation(JsonAnySetter.class)
                    || components[parameter.getIndex()].getAnnotatedType().isAnnotationPresent(Nullable.class);
        }
    }

    private final class CountUnknown extends DeserializationProblemHandler {
        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context,
                JsonParser parser,
                JsonDeserializer<?> deserializer,
                Object beanOrClass,
                String propertyName)
                throws IOException {
            unknownFields.increment();
            parser.skipChildren();
            return true;
        }
    }
}
