package dev.microgpt.train.safetensors;

import static dev.microgpt.train.safetensors.SafetensorsFormat.DATA_OFFSETS;
import static dev.microgpt.train.safetensors.SafetensorsFormat.DTYPE;
import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_RANK;
import static dev.microgpt.train.safetensors.SafetensorsFormat.SHAPE;

import dev.microgpt.autograd.Shape;
import dev.microgpt.train.internal.Quoted;
import java.nio.file.Path;
import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Parses the entry of one tensor in the header: {@code {"dtype":"F64","shape":[2,3],"data_offsets":[0,48]}}. */
final class TensorEntryParser {

    /** Any number of up to 18 digits fits in a {@code long}. */
    private static final int MAX_DIGITS = 18;

    private final Path file;
    private final JsonParser json;
    private final boolean anyType;
    private String tensor = "";

    TensorEntryParser(Path file, JsonParser json, boolean anyType) {
        this.file = file;
        this.json = json;
        this.anyType = anyType;
    }

    /** Parses the value after the name; its three fields may be in any order. */
    TensorEntry parse(String name) throws SafetensorsException {
        tensor = name;
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw wrong("", describe(json), "an object with dtype, shape and data_offsets");
        }
        NumberType type = null;
        Shape shape = null;
        long[] offsets = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            json.nextToken();
            if (field.equals(DTYPE) && type == null) {
                type = type();
            } else if (field.equals(SHAPE) && shape == null) {
                shape = shape();
            } else if (field.equals(DATA_OFFSETS) && offsets == null) {
                offsets = offsets();
            } else {
                throw wrong("", "field " + Quoted.of(field), "dtype, shape and data_offsets, each once");
            }
        }
        if (type == null || shape == null || offsets == null) {
            String missing = type == null ? DTYPE : shape == null ? SHAPE : DATA_OFFSETS;
            throw wrong("", "no " + missing, "dtype, shape and data_offsets");
        }
        return entry(type, shape, offsets[0], offsets[1]);
    }

    /** Describes the current token of the parser for an error message. */
    static String describe(JsonParser json) {
        JsonToken token = json.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return "an object";
        }
        if (token == JsonToken.START_ARRAY) {
            return "an array";
        }
        if (token == null) {
            return "nothing";
        }
        String text = json.getString();
        return token == JsonToken.VALUE_STRING ? Quoted.of(text) : Quoted.plain(text);
    }

    private NumberType type() throws SafetensorsException {
        NumberType type = json.currentToken() == JsonToken.VALUE_STRING ? NumberType.named(json.getString()) : null;
        if (type == null || !(anyType || type == NumberType.F64)) {
            throw wrong(
                    " dtype",
                    describe(json),
                    anyType
                            ? "a type of the format whose numbers take whole bytes, such as \"F32\""
                            : "\"F64\" (supported: F64); convert it, in Python: tensor.double()");
        }
        return type;
    }

    private Shape shape() throws SafetensorsException {
        long[] numbers = numbers(" shape", MAX_RANK, "an array of at most " + MAX_RANK + " whole numbers");
        int[] dims = new int[numbers.length];
        long size = 1;
        for (int i = 0; i < dims.length; i++) {
            // both factors are at most 2³¹ − 1, so the product cannot overflow; checked at every step, because a later
            // 0
            // could bring an excessive product back into range
            size = numbers[i] > Integer.MAX_VALUE ? 0 : size * numbers[i];
            if (size == 0 || size > Integer.MAX_VALUE) {
                String expected = "dimensions of at least 1 and at most " + Integer.MAX_VALUE + " elements";
                throw wrong(" shape", Arrays.toString(numbers), expected);
            }
            dims[i] = (int) numbers[i];
        }
        return Shape.of(dims);
    }

    private long[] offsets() throws SafetensorsException {
        String expected = "an array of two whole numbers, begin and end";
        long[] offsets = numbers(" data_offsets", 2, expected);
        if (offsets.length != 2) {
            throw wrong(" data_offsets", Arrays.toString(offsets), expected);
        }
        return offsets;
    }

    private TensorEntry entry(NumberType type, Shape shape, long begin, long end) throws SafetensorsException {
        long bytes = (long) shape.size() * type.bytes();
        if (end - begin != bytes) {
            throw wrong(
                    " data_offsets",
                    "[" + begin + ", " + end + "], " + (end - begin) + " bytes",
                    bytes + " bytes for shape " + shape);
        }
        return new TensorEntry(tensor, type, shape, begin, end);
    }

    /** Parses an array of plain integers: no sign, fraction, exponent, string or null. */
    private long[] numbers(String field, int most, String expected) throws SafetensorsException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw wrong(field, describe(json), expected);
        }
        long[] numbers = new long[most];
        int count = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (count == most) {
                throw wrong(field, "more than " + most, expected);
            }
            numbers[count++] = number(field);
        }
        return Arrays.copyOf(numbers, count);
    }

    private long number(String field) throws SafetensorsException {
        boolean isWhole = json.currentToken() == JsonToken.VALUE_NUMBER_INT;
        String text = isWhole ? json.getString() : "";
        if (!isWhole || text.charAt(0) == '-' || text.length() > MAX_DIGITS) {
            throw wrong(field, describe(json), "whole numbers of at most " + MAX_DIGITS + " digits without a sign");
        }
        return Long.parseLong(text);
    }

    private SafetensorsException wrong(String field, String found, String expected) {
        return new SafetensorsException(file, "tensor " + Quoted.of(tensor) + field, found, expected);
    }
}
