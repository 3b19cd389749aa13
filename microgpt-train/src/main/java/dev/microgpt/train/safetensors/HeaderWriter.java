package dev.microgpt.train.safetensors;

import static dev.microgpt.train.safetensors.SafetensorsFormat.BLANK_SHA256;
import static dev.microgpt.train.safetensors.SafetensorsFormat.LENGTH_BYTES;
import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_HEADER_BYTES;
import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_METADATA_BYTES;
import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_METADATA_ENTRIES;
import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_NAME_CHARS;
import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_RANK;
import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_TENSORS;

import dev.microgpt.autograd.Shape;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.Surrogates;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Builds the header of a safetensors file, preceded by its length: the metadata, one entry per tensor, and spaces up to
 * a multiple of 8 bytes, which aligns the data. The checksum is left blank.
 */
final class HeaderWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Set<String> names = new HashSet<>();
    private final byte[] bytes;
    private int checksumOffset;

    /** @throws IllegalArgumentException if {@link TensorFile} would refuse the file */
    HeaderWriter(Map<String, String> metadata, List<? extends TensorSource> tensors, NumberType type) {
        checkCount(metadata.size(), MAX_METADATA_ENTRIES - 2, "metadata entries");
        checkCount(tensors.size(), MAX_TENSORS, "tensors");
        out.writeBytes(new byte[LENGTH_BYTES]);
        try (JsonGenerator json =
                new JsonFactory().createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            json.writeStartObject();
            writeMetadata(json, metadata);
            writeTensors(json, tensors, type);
            json.writeEndObject();
        }
        bytes = finish();
    }

    /** Returns the length, the header and its padding. */
    byte[] bytes() {
        return bytes;
    }

    /** Returns the index in {@link #bytes()} at which the 64 digits of the checksum start. */
    int checksumOffset() {
        return checksumOffset;
    }

    private void writeMetadata(JsonGenerator json, Map<String, String> metadata) {
        json.writeObjectPropertyStart(SafetensorsFormat.METADATA);
        json.flush();
        int start = out.size();
        json.writeStringProperty(SafetensorsFormat.CHECKSUM, SafetensorsFormat.SHA256);
        json.writeStringProperty(SafetensorsFormat.SHA256, BLANK_SHA256);
        json.flush();
        checksumOffset = out.size() - 1 - BLANK_SHA256.length(); // the closing quote is the last byte so far
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            checkMetadata(entry.getKey(), entry.getValue());
            json.writeStringProperty(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
        json.flush();
        checkCount(out.size() - start, MAX_METADATA_BYTES, "bytes of metadata");
    }

    private void writeTensors(JsonGenerator json, List<? extends TensorSource> tensors, NumberType type) {
        long begin = 0;
        for (TensorSource tensor : tensors) {
            Shape shape = tensor.shape();
            checkTensor(tensor.name(), shape);
            long end = begin + (long) shape.size() * type.bytes();
            json.writeObjectPropertyStart(tensor.name());
            json.writeStringProperty(SafetensorsFormat.DTYPE, type.name());
            json.writeArrayPropertyStart(SafetensorsFormat.SHAPE);
            for (int i = 0; i < shape.rank(); i++) {
                json.writeNumber(shape.dim(i));
            }
            json.writeEndArray();
            json.writeArrayPropertyStart(SafetensorsFormat.DATA_OFFSETS);
            json.writeNumber(begin);
            json.writeNumber(end);
            json.writeEndArray();
            json.writeEndObject();
            begin = end;
        }
    }

    private byte[] finish() {
        while (out.size() % 8 != 0) {
            out.write(' ');
        }
        int length = out.size() - LENGTH_BYTES;
        checkCount(length, MAX_HEADER_BYTES, "header bytes");
        byte[] finished = out.toByteArray();
        ByteBuffer.wrap(finished).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        return finished;
    }

    private static void checkCount(int count, int max, String what) {
        if (count > max) {
            throw new IllegalArgumentException(
                    "safetensors: " + count + " " + what + " do not fit in one file; at most " + max + " do");
        }
    }

    private static void checkMetadata(String key, String value) {
        if (key.equals(SafetensorsFormat.CHECKSUM) || key.equals(SafetensorsFormat.SHA256)) {
            throw new IllegalArgumentException("safetensors: the metadata has the key " + Quoted.of(key)
                    + ", which the file's own checksum uses; choose another");
        }
        checkName("metadata key", key);
        checkText("metadata value", value);
    }

    private void checkTensor(String name, Shape shape) {
        checkName("tensor name", name);
        String flaw = SafetensorsFormat.flawOfName(name);
        if (flaw != null) {
            throw new IllegalArgumentException("safetensors: the name of a tensor is " + Quoted.of(name) + ", " + flaw
                    + ", but must be " + SafetensorsFormat.NAME_RULE);
        }
        if (name.equals(SafetensorsFormat.METADATA) || !names.add(name)) {
            throw new IllegalArgumentException("safetensors: the tensor name " + Quoted.of(name)
                    + " is taken; names must differ from each other and from " + SafetensorsFormat.METADATA);
        }
        if (shape.rank() > MAX_RANK) {
            throw new IllegalArgumentException("safetensors: tensor " + Quoted.of(name) + " is " + shape
                    + "; a file holds tensors of at most " + MAX_RANK + " dimensions");
        }
    }

    private static void checkName(String what, String name) {
        checkText(what, name);
        if (name.length() > MAX_NAME_CHARS) {
            throw new IllegalArgumentException("safetensors: the " + what + " " + Quoted.of(name)
                    + " is too long; names may have at most " + MAX_NAME_CHARS
                    + " characters");
        }
    }

    private static void checkText(String what, String text) {
        if (Surrogates.unpaired(text) >= 0) {
            throw new IllegalArgumentException("safetensors: the " + what + " " + Quoted.of(text)
                    + " has an unpaired surrogate, which UTF-8 cannot encode; remove it");
        }
    }
}
