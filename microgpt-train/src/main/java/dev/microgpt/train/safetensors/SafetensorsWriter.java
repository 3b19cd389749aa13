package dev.microgpt.train.safetensors;

import static dev.microgpt.train.safetensors.SafetensorsFormat.CHUNK_BYTES;

import dev.microgpt.autograd.ParameterUpdates;
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
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The content of a safetensors file to be written: the complete header with its checksum, and the tensors.
 *
 * <p>The numbers are read twice, for the checksum and for the file, and both times must be the same: another thread may
 * change them meanwhile. Then the file holds the numbers of the moment between the two.
 *
 * <p>A short run saves once, and class loading dominates the cost of that; therefore this path has no lambdas, streams
 * or string concatenation.
 */
final class SafetensorsWriter implements AtomicFile.Content {

    private final byte[] header;
    private final List<? extends TensorSource> tensors;
    private final NumberType type;
    private final @Nullable ParameterUpdates updates;

    /** Of all tensors, to compare the second reading with the first; hashing them again would take much longer. */
    private final CRC32 crc = new CRC32();

    private long hashed;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private SafetensorsWriter(
            byte[] header, List<? extends TensorSource> tensors, NumberType type, @Nullable ParameterUpdates updates) {
        this.header = header;
        this.tensors = tensors;
        this.type = type;
        this.updates = updates;
    }

    /**
     * Prepares a file.
     *
     * @param updates asked once everything is written; null if the tensors are not those of parameters
     */
    static SafetensorsWriter of(
            Map<String, String> metadata,
            List<? extends TensorSource> tensors,
            NumberType type,
            @Nullable ParameterUpdates updates)
            throws IOException {
        if (type != NumberType.F64 && type != NumberType.F32) {
            throw new IllegalArgumentException("safetensors: numbers of type " + type
                    + " are not written; write them as " + NumberType.F64 + " or " + NumberType.F32);
        }
        HeaderWriter header = new HeaderWriter(metadata, tensors, type);
        SafetensorsWriter writer = new SafetensorsWriter(header.bytes(), tensors, type, updates);
        writer.setChecksum(header.checksumOffset());
        return writer;
    }

    /**
     * The header comes first but contains the checksum of everything after it, so the data is converted twice. Patching
     * the header afterwards would avoid that, but the file would no longer be written strictly front to back.
     */
    private void setChecksum(int offset) throws IOException {
        MessageDigest sha256 = Sha256.digest();
        hashed = write(new DigestOutputStream(OutputStream.nullOutputStream(), sha256));
        byte[] digits = HexFormat.of().formatHex(sha256.digest()).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, header, offset, digits.length);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        if (write(out) != hashed) {
            throw new IllegalStateException("safetensors: the tensors changed while they were written; a thread that"
                    + " modifies them must wait until they are saved, or be the one that saves; nothing was replaced");
        }
        if (updates != null) {
            updates.checkNone();
        }
    }

    /** Writes everything and returns a sum of the tensors. */
    private long write(OutputStream out) throws IOException {
        crc.reset();
        out.write(header);
        for (TensorSource tensor : tensors) {
            double[] data = tensor.data();
            if (data.length != tensor.shape().size()) {
                throw new IllegalArgumentException("safetensors: tensor " + Quoted.of(tensor.name()) + " has "
                        + data.length + " elements, but must have those of its shape " + tensor.shape());
            }
            if (type == NumberType.F64) {
                writeDoubles(out, data);
            } else {
                writeFloats(out, tensor, data);
            }
        }
        return crc.getValue();
    }

    private void writeChunk(OutputStream out, int bytes) throws IOException {
        crc.update(chunk.array(), 0, bytes);
        out.write(chunk.array(), 0, bytes);
    }

    /** In chunks, because the tensors of a model may already fill most of the heap. */
    private void writeDoubles(OutputStream out, double[] data) throws IOException {
        int perChunk = CHUNK_BYTES / Double.BYTES;
        for (int from = 0; from < data.length; from += perChunk) {
            int count = Math.min(perChunk, data.length - from);
            chunk.asDoubleBuffer().put(data, from, count);
            writeChunk(out, count * Double.BYTES);
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
            writeChunk(out, count * Float.BYTES);
        }
    }
}
