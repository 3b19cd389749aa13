package dev.microgpt.train.safetensors;

import static dev.microgpt.train.safetensors.SafetensorsFormat.CHUNK_BYTES;

import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.disk.AtomicFile;
import dev.microgpt.train.internal.disk.FileState;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file of other programs, whose tensors are read one by one: in any type of real numbers, each of which is
 * the same number as a {@code double}; tensors that are not asked for, of whatever type, are never read.
 *
 * <pre>{@code
 * try (TensorFile file = TensorFile.open(path)) {
 *     double[] wte = file.read("wte.weight");
 * }
 * }</pre>
 *
 * <p>Memory is that of the tensors which are asked for, however large the file is. About the file's form it is as strict
 * as {@link Safetensors#read}. Not thread-safe.
 */
public final class TensorFile implements Closeable {
    private final Path file;
    private final FileState start;
    private final RandomAccessFile in;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final Map<String, TensorEntry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata;
    private final long dataStart;

    private TensorFile(Path file, FileState start, RandomAccessFile in) throws IOException {
        this.file = file;
        this.start = start;
        this.in = in;
        SafetensorsReader reader = new SafetensorsReader(file, start, in);
        long fileBytes = in.length();
        long headerBytes = reader.headerBytes(fileBytes);
        dataStart = SafetensorsFormat.LENGTH_BYTES + headerBytes;
        SafetensorsHeader header = HeaderParser.parse(file, new HeaderInput(file, in, headerBytes), true);
        header.checkLayout(file, fileBytes - dataStart);
        reader.verify(header, dataStart, fileBytes);
        metadata = Collections.unmodifiableMap(header.metadata());
        for (TensorEntry entry : header.tensors()) {
            entries.put(entry.name(), entry);
        }
    }

    /**
     * Opens a file and reads its header. If the file carries a checksum, as those that this program writes, all of it is
     * read and compared.
     *
     * @param file the path, on the default file system
     * @return the file, to be closed
     * @throws SafetensorsException if the content is not acceptable; the message says what was found and expected
     * @throws IOException          if the file cannot be read
     */
    public static TensorFile open(Path file) throws IOException {
        FileState start = SafetensorsReader.ordinary(file);
        RandomAccessFile in = new RandomAccessFile(file.toFile(), "r");
        try {
            return new TensorFile(file, start.opened(file), in);
        } catch (EOFException e) {
            in.close();
            throw SafetensorsReader.changed(file);
        } catch (Throwable failure) {
            in.close();
            throw failure;
        }
    }

    /**
     * Writes a file that other programs read, or replaces it as a whole, as {@link Safetensors#write} does, but with
     * numbers of a type of choice and tensors that are made one by one.
     *
     * @param file     the path, on the default file system; its folder must exist
     * @param metadata any strings, written in the map's order; {@code checksum} and {@code sha256} are added
     * @param tensors  at most 65,536 with different names, written in this order
     * @param type     {@link NumberType#F64}, or {@link NumberType#F32}, to which numbers are rounded
     * @throws IllegalArgumentException if the content cannot be a safetensors file, or the type is another, or a finite
     *                                  number is beyond the largest of the type; nothing was written
     * @throws IOException              if writing failed
     */
    public static void write(
            Path file, Map<String, String> metadata, List<? extends TensorSource> tensors, NumberType type)
            throws IOException {
        AtomicFile.replace(file, SafetensorsWriter.of(metadata, tensors, type));
    }

    /** {@return what the file says about itself, in the order of the file, without a checksum; unmodifiable} */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** {@return all tensors, in the order of their data in the file} */
    public List<TensorInfo> tensors() {
        TensorInfo[] infos = new TensorInfo[entries.size()];
        int i = 0;
        for (TensorEntry entry : entries.values()) {
            infos[i++] = new TensorInfo(entry.name(), entry.type(), entry.shape());
        }
        return List.of(infos);
    }

    /**
     * Reads the elements of a tensor, NaN and infinities included.
     *
     * @param name one of the names of {@link #tensors()}, of a tensor whose type {@link NumberType#isReadable}
     * @return a new array
     * @throws IllegalArgumentException if the file has no such tensor, or its type cannot be read
     * @throws SafetensorsException     if the file was written to since it was opened
     * @throws IOException              if the file cannot be read
     */
    public double[] read(String name) throws IOException {
        TensorEntry entry = entries.get(name);
        if (entry == null || !entry.type().isReadable()) {
            String found = entry == null ? "no such tensor" : "numbers of type " + entry.type();
            throw new IllegalArgumentException("safetensors: tensor " + Quoted.of(name) + ": found " + found
                    + ", expected one of type F64, F32, F16 or BF16");
        }
        try {
            return read(entry);
        } catch (EOFException e) {
            throw SafetensorsReader.changed(file);
        }
    }

    private double[] read(TensorEntry entry) throws IOException {
        double[] data = new double[entry.shape().size()];
        int numberBytes = entry.type().bytes();
        int perChunk = CHUNK_BYTES / numberBytes;
        in.seek(dataStart + entry.begin());
        for (int from = 0; from < data.length; from += perChunk) {
            int count = Math.min(perChunk, data.length - from);
            in.readFully(chunk.array(), 0, count * numberBytes);
            entry.type().decode(chunk, data, from, count);
        }
        if (start.isWrittenTo(file)) {
            throw SafetensorsReader.changed(file);
        }
        return data;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
