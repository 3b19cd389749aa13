package dev.microgpt.train.safetensors;

import static dev.microgpt.train.safetensors.SafetensorsFormat.CHUNK_BYTES;

import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.Sha256;
import dev.microgpt.train.internal.disk.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The content of a safetensors file to be written: the complete header with its checksum, and the tensors.
 *
 * <p>A short run saves once, and class loading dominates the cost of that; therefore this path has no lambdas, streams
 * or string concatenation.
 */
final class SafetensorsWriter implements AtomicFile.Content {

    private final byte[] header;
    private final List<? extends TensorSource> tensors;
    private final NumberType type;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private SafetensorsWriter(byte[] header, List<? extends TensorSource> tensors, NumberType type) {
        this.header = header;
        this.tensors = tensors;
        this.type = type;
    }

    static SafetensorsWriter of(Map<String, String> metadata, List<? extends TensorSource> tensors, NumberType type)
            throws IOException {
        if (type != NumberType.F64 && type != NumberType.F32) {
            throw new IllegalArgumentException("safetensors: numbers of type " + type
                    + " are not written; write them as " + NumberType.F64 + " or " + NumberType.F32);
        }
        HeaderWriter header = new HeaderWriter(metadata, tensors, type);
        SafetensorsWriter writer = new SafetensorsWriter(header.bytes(), tensors, type);
        writer.setChecksum(header.checksumOffset());
        return writer;
    }

    /**
     * The header comes first but contains the checksum of everything after it, so the data is converted twice. Patching
     * the header afterwards would avoid that, but the file would no longer be written strictly front to back.
     */
    private void setChecksum(int offset) throws IOException {
        MessageDigest sha256 = Sha256.digest();
        writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), sha256));
        byte[] digits = HexFormat.of().formatHex(sha256.digest()).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, header, offset, digits.length);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(header);
        for (TensorSource tensor : tensors) {
            if (type == NumberType.F64) {
                writeDoubles(out, tensor.data(), tensor.shape().size());
            } else {
                writeFloats(out, tensor, tensor.data());
            }
        }
    }

    /** In chunks, because the tensors of a model may already fill most of the heap. */
    private void writeDoubles(OutputStream out, double[] data, int size) throws IOException {
        int perChunk = CHUNK_BYTES / Double.BYTES;
        for (int from = 0; from < size; from += perChunk) {
            int count = Math.min(perChunk, size - from);
            chunk.asDoubleBuffer().put(data, from, count);
            out.write(chunk.array(), 0, count * Double.BYTES);
        }
    }

    /** Rounds to nearest; refuses a finite number that would become infinite. */
    private void writeFloats(OutputStream out, TensorSource tensor, double[] data) throws IOException {
        int perChunk = CHUNK_BYTES / Float.BYTES;
        for (int from = 0; from < data.length; from += perChunk) {
            int count = Math.min(perChunk, data.length - from);
            for (int i = 0; i < count; i++) {
                double exact = data[from + i];
                float rounded = (float) exact;
                if (Float.isInfinite(rounded) && !Double.isInfinite(exact)) {
                    throw new IllegalArgumentException("safetensors: tensor " + Quoted.of(tensor.name()) + ": found "
                            + exact + " at index " + (from + i) + ", but F32 holds at most " + Float.MAX_VALUE
                            + "; write it as F64");
                }
                chunk.putFloat(Float.BYTES * i, rounded);
            }
            out.write(chunk.array(), 0, count * Float.BYTES);
        }
    }
}
