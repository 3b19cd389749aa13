package dev.microgpt.train.safetensors;

import static dev.microgpt.train.safetensors.SafetensorsFormat.BLANK_SHA256;
import static dev.microgpt.train.safetensors.SafetensorsFormat.CHUNK_BYTES;
import static dev.microgpt.train.safetensors.SafetensorsFormat.LENGTH_BYTES;
import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_HEADER_BYTES;

import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.Sha256;
import dev.microgpt.train.internal.disk.AtomicFile;
import dev.microgpt.train.internal.disk.FileKind;
import dev.microgpt.train.internal.disk.FileState;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import dev.microgpt.train.internal.disk.SystemReason;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An open safetensors file, usually from another program, whose tensors are read one by one and converted to {@code
 * double} from any floating-point type of the format. A tensor that is never requested is never read, whatever its
 * type.
 *
 * <pre>{@code
 * try (TensorFile file = TensorFile.open(path)) {
 *     double[] wte = file.read("wte.weight");
 * }
 * }</pre>
 *
 * <p>Memory use is that of the requested tensors, however large the file. The structure of the file is checked as
 * strictly as by {@link Safetensors#read}. Confined to one thread at a time.
 */
public final class TensorFile implements Closeable {
    // ordinary reads, not a memory map: a mapped file that is truncated meanwhile would crash the JVM
    private final RandomAccessFile in;
    private final Path file;
    private final FileState start;
    private final long fileBytes;
    private final long dataStart;
    private final SafetensorsHeader header;
    private final Map<String, TensorEntry> entries = new LinkedHashMap<>();
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /** Checks everything that the header claims against the size of the file; no tensor is allocated before that. */
    private TensorFile(Path file, FileState start, RandomAccessFile in, boolean anyType) throws IOException {
        this.file = file;
        this.start = start;
        this.in = in;
        fileBytes = in.length();
        long headerBytes = headerBytes();
        dataStart = LENGTH_BYTES + headerBytes;
        header = HeaderParser.parse(file, new HeaderInput(file, in, headerBytes), anyType);
        header.checkLayout(file, fileBytes - dataStart);
        for (TensorEntry entry : header.tensors()) {
            entries.put(entry.name(), entry);
        }
        if (anyType) { // readAll verifies the file while it reads it
            readThrough(name -> false);
        }
    }

    /**
     * Opens a file and reads its header. If the file carries a checksum, as every file written by this library does,
     * the whole file is read once and verified.
     *
     * @param file the path, on the default file system
     * @return the open file, to be closed by the caller
     * @throws SafetensorsException if the content is not acceptable; the message states what was found and what is
     *     allowed
     * @throws IOException          if the file cannot be read
     */
    public static TensorFile open(Path file) throws IOException {
        return open(file, true);
    }

    /** Opens, reads and verifies a file of float64 tensors in one pass, and keeps the wanted ones if accepted. */
    static Safetensors readAll(Path file, Predicate<Map<String, String>> accepted, Predicate<String> wanted)
            throws IOException {
        try (TensorFile opened = open(file, false)) {
            List<NamedTensor> tensors = opened.readThrough(accepted.test(opened.metadata()) ? wanted : name -> false);
            return new Safetensors(opened.header.metadata(), tensors, opened.header.sha256());
        }
    }

    /** Reads a file as {@link #readAll} does, but packs matrices into a map. */
    static Safetensors readPacked(
            Path file,
            Predicate<Map<String, String>> accepted,
            Predicate<String> wanted,
            Map<String, PackedMatrix> matrices)
            throws IOException {
        try (TensorFile opened = open(file, false)) {
            boolean isAccepted = accepted.test(opened.metadata());
            List<NamedTensor> tensors = opened.readThrough(isAccepted ? wanted : name -> false, matrices);
            return new Safetensors(opened.header.metadata(), tensors, opened.header.sha256());
        }
    }

    private static TensorFile open(Path file, boolean anyType) throws IOException {
        if (FileKind.isOther(file)) {
            throw SafetensorsException.noFile(file, FileKind.of(file));
        }
        FileState before = FileState.of(file);
        RandomAccessFile in = OrdinaryFile.openRandom(file);
        try {
            return new TensorFile(file, before.opened(file), in, anyType);
        } catch (Throwable failure) {
            in.close();
            throw failure;
        }
    }

    /**
     * Writes or replaces a file for other programs. Like {@link Safetensors#write}, but with a choice of number type,
     * and with tensors that are produced one at a time.
     *
     * @param file     the path, on the default file system; its folder must exist
     * @param metadata any strings, written in the map's order; {@code checksum} and {@code sha256} are added
     * @param tensors  at most 65,536 with distinct names of 1 to 4,096 characters, written in this order
     * @param type     {@link NumberType#F64}, or {@link NumberType#F32}, to which numbers are rounded
     * @throws IllegalArgumentException if {@link #open} would not accept the resulting file, the type is neither of
     *                                  the two, a source has another number of elements than its shape, or a finite
     *                                  number exceeds the range of the type; nothing was written
     * @throws IllegalStateException    if another thread changed the tensors meanwhile; an existing file is kept
     * @throws IOException              if writing failed
     */
    public static void write(
            Path file, Map<String, String> metadata, List<? extends TensorSource> tensors, NumberType type)
            throws IOException {
        AtomicFile.replace(file, SafetensorsWriter.of(metadata, tensors, type, null));
    }

    /** {@return the metadata of the file, in file order, without the checksum entries; unmodifiable} */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    /** {@return name, type and shape of all tensors, in the order of their data in the file} */
    public List<TensorInfo> tensors() {
        List<TensorInfo> infos = new ArrayList<>(entries.size());
        for (TensorEntry entry : header.tensors()) {
            infos.add(new TensorInfo(entry.name(), entry.type(), entry.shape()));
        }
        return Collections.unmodifiableList(infos);
    }

    /**
     * Reads the elements of a tensor, including NaN and infinities.
     *
     * @param name the name of one of {@link #tensors()} whose type {@linkplain NumberType#isReadable() is readable}
     * @return a new array, row-major
     * @throws IllegalArgumentException if the file has no such tensor, or its type is not readable
     * @throws SafetensorsException     if the file was modified after it was opened
     * @throws IOException              if the file cannot be read
     */
    public double[] read(String name) throws IOException {
        TensorEntry entry = readable(name);
        double[] numbers = new double[entry.shape().size()];
        readNumbers(entry, null, numbers);
        checkUnchanged();
        return numbers;
    }

    /**
     * Reads the elements of a tensor as {@link #read(String)} does, into an array.
     *
     * @param name    the name of a tensor
     * @param numbers receives the elements, row-major; must have exactly as many
     * @throws IllegalArgumentException if the file has no such tensor, its type is not readable, or the array has
     *                                  another length
     * @throws SafetensorsException     if the file was modified after it was opened; the array has changed
     * @throws IOException              if the file cannot be read; the array may have changed
     */
    public void read(String name, double[] numbers) throws IOException {
        TensorEntry entry = readable(name);
        if (entry.shape().size() != numbers.length) {
            throw new IllegalArgumentException("safetensors: tensor " + Quoted.of(name) + " is " + entry.shape()
                    + ", but the array for it has " + numbers.length + " elements; they must be equally many");
        }
        readNumbers(entry, null, numbers);
        checkUnchanged();
    }

    private TensorEntry readable(String name) {
        TensorEntry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("safetensors: the file has no tensor " + Quoted.of(name));
        }
        if (!entry.type().isReadable()) {
            throw new IllegalArgumentException("safetensors: tensor " + Quoted.of(name) + " is of type " + entry.type()
                    + ", but only F64, F32, F16 and BF16 can be read");
        }
        return entry;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Returns the length of the header as the file states it, after checking that it is possible. */
    private long headerBytes() throws IOException {
        byte[] beginning = new byte[(int) Math.min(fileBytes, FileTypeGuess.USEFUL_BYTES)];
        readFully(beginning, beginning.length);
        if (fileBytes < LENGTH_BYTES) {
            String found = fileBytes == 0 ? "an empty file" : fileBytes + " bytes";
            throw foreign(beginning, "file", found, "at least 8 bytes");
        }
        long claimed = ByteBuffer.wrap(beginning).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (fileBytes == LENGTH_BYTES) {
            throw foreign(beginning, "file", "8 bytes", "a header after them");
        }
        long most = Math.min(fileBytes - LENGTH_BYTES, MAX_HEADER_BYTES);
        if (claimed == 0 || Long.compareUnsigned(claimed, most) > 0) {
            String range = most == 1 ? "1" : "1 to " + most;
            String why = most < MAX_HEADER_BYTES ? ", what the file has after its first 8 bytes" : "";
            throw foreign(beginning, "header length", Long.toUnsignedString(claimed), range + why);
        }
        byte first = beginning[LENGTH_BYTES];
        if (first != '{') {
            throw foreign(beginning, "header", "first byte 0x" + HexFormat.of().toHexDigits(first), "0x7b, {");
        }
        return claimed;
    }

    private SafetensorsException foreign(byte[] beginning, String where, String found, String expected) {
        return SafetensorsException.foreign(file, FileTypeGuess.message(beginning), where, found, expected);
    }

    /** One pass over the file, so that what is kept is exactly what the checksum covered. */
    private List<NamedTensor> readThrough(Predicate<String> wanted) throws IOException {
        return readThrough(wanted, null);
    }

    /** The same, with the matrices among the wanted tensors packed into a map, if there is one. */
    private List<NamedTensor> readThrough(Predicate<String> wanted, @Nullable Map<String, PackedMatrix> matrices)
            throws IOException {
        MessageDigest sha256 = header.sha256() == null ? null : Sha256.digest();
        if (sha256 != null) {
            digestHeader(sha256);
        }
        List<NamedTensor> tensors = new ArrayList<>();
        for (TensorEntry entry : header.tensors()) {
            if (matrices != null && entry.shape().rank() == 2 && wanted.test(entry.name())) {
                matrices.put(entry.name(), readMatrix(entry, sha256));
            } else if (wanted.test(entry.name())) {
                double[] numbers = new double[entry.shape().size()];
                readNumbers(entry, sha256, numbers);
                tensors.add(new NamedTensor(entry.name(), entry.shape(), numbers));
            } else if (sha256 != null) {
                digest(sha256, dataStart + entry.begin(), dataStart + entry.end());
            }
        }
        checkUnchanged();
        if (sha256 != null) {
            String computed = HexFormat.of().formatHex(sha256.digest());
            if (!computed.equals(header.sha256())) {
                String stored =
                        header.sha256() + ", as stored in it; the file was damaged or changed after it was written";
                throw new SafetensorsException(file, "checksum", "a file with SHA-256 " + computed, stored);
            }
        }
        return tensors;
    }

    /** The length and the header, as they were before the checksum was filled in. */
    private void digestHeader(MessageDigest sha256) throws IOException {
        long blank = LENGTH_BYTES + header.sha256Offset();
        byte[] stored = new byte[BLANK_SHA256.length()];
        in.seek(blank);
        readFully(stored, stored.length);
        if (!new String(stored, StandardCharsets.ISO_8859_1).equals(header.sha256())) {
            throw new SafetensorsException(file, "metadata \"sha256\"", "digits written as escapes", "plain digits");
        }
        digest(sha256, 0, blank);
        sha256.update(BLANK_SHA256.getBytes(StandardCharsets.US_ASCII));
        digest(sha256, blank + stored.length, dataStart);
    }

    private void digest(MessageDigest sha256, long from, long to) throws IOException {
        in.seek(from);
        for (long left = to - from; left > 0; ) {
            int count = (int) Math.min(left, CHUNK_BYTES);
            readFully(chunk.array(), count);
            sha256.update(chunk.array(), 0, count);
            left -= count;
        }
    }

    private void readNumbers(TensorEntry entry, @Nullable MessageDigest sha256, double[] data) throws IOException {
        int numberBytes = entry.type().bytes();
        int perChunk = CHUNK_BYTES / numberBytes;
        in.seek(dataStart + entry.begin());
        for (int from = 0; from < data.length; from += perChunk) {
            int count = Math.min(perChunk, data.length - from);
            readFully(chunk.array(), count * numberBytes);
            entry.type().decode(chunk, data, from, count);
            if (sha256 != null) {
                sha256.update(chunk.array(), 0, count * numberBytes);
            }
        }
    }

    private PackedMatrix readMatrix(TensorEntry entry, @Nullable MessageDigest sha256) throws IOException {
        PackedMatrix.Builder matrix = new PackedMatrix.Builder(entry.shape());
        int numberBytes = entry.type().bytes();
        double[] numbers = new double[CHUNK_BYTES / numberBytes];
        in.seek(dataStart + entry.begin());
        for (int left = entry.shape().size(); left > 0; ) {
            int count = Math.min(numbers.length, left);
            readFully(chunk.array(), count * numberBytes);
            entry.type().decode(chunk, numbers, 0, count);
            if (sha256 != null) {
                sha256.update(chunk.array(), 0, count * numberBytes);
            }
            matrix.add(numbers, count);
            left -= count;
        }
        return matrix.build();
    }

    private void readFully(byte[] bytes, int count) throws IOException {
        try {
            in.readFully(bytes, 0, count);
        } catch (EOFException truncated) { // the header was checked against the size of the file
            throw SafetensorsException.changed(file);
        } catch (IOException failure) {
            throw SystemReason.named(file, failure);
        }
    }

    /** A writer that replaces the file as a whole leaves the open one untouched, which is fine. */
    private void checkUnchanged() throws IOException {
        if (in.length() != fileBytes || start.isWrittenTo(file)) {
            throw SafetensorsException.changed(file);
        }
    }
}
