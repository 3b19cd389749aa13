package dev.microgpt.train.safetensors;

import static dev.microgpt.train.safetensors.SafetensorsFormat.BLANK_SHA256;
import static dev.microgpt.train.safetensors.SafetensorsFormat.CHUNK_BYTES;
import static dev.microgpt.train.safetensors.SafetensorsFormat.LENGTH_BYTES;
import static dev.microgpt.train.safetensors.SafetensorsFormat.MAX_HEADER_BYTES;

import dev.microgpt.train.internal.Sha256;
import dev.microgpt.train.internal.disk.FileState;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads one safetensors file: checks everything the header says against the size of the file, and only then allocates
 * the tensors. Through ordinary buffers: a mapped file that is truncated meanwhile would crash the reader.
 */
final class SafetensorsReader {

    private final Path file;
    private final RandomAccessFile in;
    private final FileState start;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /** @param start what the file was when it was opened */
    SafetensorsReader(Path file, FileState start, RandomAccessFile in) {
        this.file = file;
        this.start = start;
        this.in = in;
    }

    static Safetensors read(Path file, Predicate<String> wanted) throws IOException {
        FileState start = ordinary(file);
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            return new SafetensorsReader(file, start.opened(file), in).read(wanted);
        } catch (EOFException e) { // the size was checked before
            throw changed(file);
        }
    }

    /** What a file is before it is opened; opening a named pipe would wait for ever. */
    static FileState ordinary(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new SafetensorsException(file, "file", "a folder or device", "an ordinary file");
        }
        return FileState.of(file);
    }

    static SafetensorsException changed(Path file) {
        return new SafetensorsException(file, "file", "that it was written to meanwhile", "no change while it is read");
    }

    private Safetensors read(Predicate<String> wanted) throws IOException {
        long fileBytes = in.length();
        long headerBytes = headerBytes(fileBytes);
        SafetensorsHeader header = HeaderParser.parse(file, new HeaderInput(file, in, headerBytes), false);
        header.checkLayout(file, fileBytes - LENGTH_BYTES - headerBytes);

        MessageDigest sha256 = header.sha256() == null ? null : Sha256.digest();
        if (sha256 != null) {
            digestHeader(sha256, header, LENGTH_BYTES + headerBytes);
        }
        in.seek(LENGTH_BYTES + headerBytes);
        List<NamedTensor> tensors = new ArrayList<>(header.tensors().size());
        for (TensorEntry entry : header.tensors()) {
            if (wanted.test(entry.name())) {
                double[] data = readData(entry.shape().size(), sha256);
                tensors.add(new NamedTensor(entry.name(), entry.shape(), data));
            } else {
                skip((long) entry.shape().size() * Double.BYTES, sha256);
            }
        }
        checkUnchanged(fileBytes);
        if (sha256 != null) {
            checkSha256(header.sha256(), HexFormat.of().formatHex(sha256.digest()));
        }
        return new Safetensors(header.metadata(), tensors, header.sha256());
    }

    /** Whoever replaces a file as a whole does not touch the one that is open. */
    private void checkUnchanged(long fileBytes) throws IOException {
        if (in.length() != fileBytes || start.isWrittenTo(file)) {
            throw changed(file);
        }
    }

    /** The length of the header as the file claims it, found to be possible. */
    long headerBytes(long fileBytes) throws IOException {
        byte[] start = new byte[(int) Math.min(fileBytes, ForeignContent.USEFUL_BYTES)];
        in.readFully(start);
        if (fileBytes < LENGTH_BYTES) {
            String found = fileBytes == 0 ? "an empty file" : fileBytes + " bytes";
            throw foreign(start, "file", found, "at least 8 bytes");
        }
        long claimed = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
        long most = Math.min(fileBytes - LENGTH_BYTES, MAX_HEADER_BYTES);
        if (claimed == 0 || Long.compareUnsigned(claimed, most) > 0) {
            String why = most < MAX_HEADER_BYTES ? ", what the file has after its first 8 bytes" : "";
            throw foreign(start, "header length", Long.toUnsignedString(claimed), "1 to " + most + why);
        }
        if (start[LENGTH_BYTES] != '{') {
            throw foreign(
                    start, "header", "first byte 0x" + HexFormat.of().toHexDigits(start[LENGTH_BYTES]), "0x7b, {");
        }
        return claimed;
    }

    private SafetensorsException foreign(byte[] start, String where, String found, String expected) {
        return new SafetensorsException(file, where, found, expected + ForeignContent.guess(start));
    }

    /** The header and its length as they were before the checksum was filled in. */
    private void digestHeader(MessageDigest sha256, SafetensorsHeader header, long bytes) throws IOException {
        long blank = LENGTH_BYTES + header.sha256Offset();
        byte[] stored = new byte[BLANK_SHA256.length()];
        in.seek(blank);
        in.readFully(stored);
        if (!new String(stored, StandardCharsets.ISO_8859_1).equals(header.sha256())) {
            throw new SafetensorsException(file, "metadata \"sha256\"", "digits written as escapes", "plain digits");
        }
        in.seek(0);
        digest(sha256, blank);
        sha256.update(BLANK_SHA256.getBytes(StandardCharsets.US_ASCII));
        in.seek(blank + stored.length);
        digest(sha256, bytes - blank - stored.length);
    }

    private void digest(MessageDigest sha256, long bytes) throws IOException {
        for (long left = bytes; left > 0; ) {
            int count = (int) Math.min(left, CHUNK_BYTES);
            in.readFully(chunk.array(), 0, count);
            sha256.update(chunk.array(), 0, count);
            left -= count;
        }
    }

    /** Goes past what is not wanted, though a checksum takes all of it. */
    private void skip(long bytes, @Nullable MessageDigest sha256) throws IOException {
        if (sha256 == null) {
            in.seek(in.getFilePointer() + bytes);
        } else {
            digest(sha256, bytes);
        }
    }

    private double[] readData(int size, @Nullable MessageDigest sha256) throws IOException {
        double[] data = new double[size];
        int perChunk = CHUNK_BYTES / Double.BYTES;
        for (int from = 0; from < size; from += perChunk) {
            int count = Math.min(perChunk, size - from);
            in.readFully(chunk.array(), 0, count * Double.BYTES);
            chunk.asDoubleBuffer().get(data, from, count);
            if (sha256 != null) {
                sha256.update(chunk.array(), 0, count * Double.BYTES);
            }
        }
        return data;
    }

    /** Compares the whole file with its checksum, if it carries one. */
    void verify(SafetensorsHeader header, long dataStart, long fileBytes) throws IOException {
        if (header.sha256() == null) {
            return;
        }
        MessageDigest sha256 = Sha256.digest();
        digestHeader(sha256, header, dataStart);
        digest(sha256, fileBytes - dataStart);
        checkSha256(header.sha256(), HexFormat.of().formatHex(sha256.digest()));
    }

    private void checkSha256(@Nullable String stored, String computed) throws SafetensorsException {
        if (!computed.equals(stored)) {
            throw new SafetensorsException(
                    file,
                    "checksum",
                    "a file with SHA-256 " + computed,
                    stored + ", as the file says of itself; it was damaged or changed after it was written");
        }
    }
}
