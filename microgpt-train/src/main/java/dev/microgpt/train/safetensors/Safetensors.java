package dev.microgpt.train.safetensors;

import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.autograd.ParameterUpdates;
import dev.microgpt.train.internal.disk.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The content of one safetensors file: named float64 tensors and a map of metadata, nothing that can be executed.
 *
 * <p>A file consists of the header length (8 bytes, little-endian, unsigned), the header (a JSON object in UTF-8), and
 * the elements of all tensors in sequence, little-endian. Files written by this library also carry the SHA-256 of the
 * whole file, computed with its own 64 digits set to {@code 0}, in two metadata entries: {@code checksum} announces it,
 * {@code sha256} holds it. There are two so that no single damaged byte can turn a file with a checksum into one
 * without. Other programs see two additional strings and read the file as usual.
 *
 * <p>Equal content gives equal bytes: no time, host or path is written.
 *
 * @param metadata the metadata of the file, in file order, without the two checksum entries of a verified file;
 *     unmodifiable
 * @param tensors  in the order of their data in the file; unmodifiable
 * @param sha256   the checksum of the file, 64 lower-case hexadecimal digits, which was verified; {@code null} if the
 *                 file carries none
 * @see <a href="https://github.com/huggingface/safetensors#format">safetensors, the format</a>
 */
public record Safetensors(
        Map<String, String> metadata,
        List<NamedTensor> tensors,
        @Nullable String sha256) {

    /**
     * Copies the map and the list, but not the arrays of the tensors.
     *
     * @param metadata the metadata, without checksum entries
     * @param tensors  in the order of their data
     * @param sha256   the verified checksum, or null
     */
    public Safetensors {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        tensors = List.copyOf(tensors);
    }

    /** {@return whether the file carried a checksum, which then matched; files of other programs usually carry none} */
    public boolean verified() {
        return sha256 != null;
    }

    /**
     * Writes or replaces a file atomically: at any moment, even after a crash or a power failure, the path holds either
     * the old content or the new. A symbolic link is replaced, not followed; a folder or device is refused. Only one
     * thread may write a file at a time, and others are refused; of several processes the last one wins.
     *
     * @param file     the path, on the default file system; its folder must exist
     * @param metadata any strings, with up to 16 MiB in total, written in the map's order; {@code checksum} and {@code
     *     sha256} are added
     * @param tensors  at most 65,536, written in this order; their names are distinct, of 1 to 4,096 characters without
     *     control characters, and no paths such as {@code ../x}
     * @throws IllegalArgumentException if {@link #read} would not accept the resulting file; nothing was written
     * @throws IllegalStateException    if another thread changed the tensors meanwhile, or is writing this file; an
     *                                  existing file is kept
     * @throws IOException              if writing failed; the old file is untouched, unless only the last step failed,
     *                                  which makes the new name durable. No temporary file is left behind
     */
    public static void write(Path file, Map<String, String> metadata, List<NamedTensor> tensors) throws IOException {
        write(file, metadata, tensors, null);
    }

    /**
     * Writes or replaces a file with the values of parameters, unless another thread trains them meanwhile.
     *
     * @param file     as in {@link #write(Path, Map, List)}, like the other parameters
     * @param metadata any strings
     * @param tensors  the values of parameters, and what changes together with them
     * @param updates  the watch over these parameters, from before anything was read; null for none
     * @throws IllegalArgumentException if {@link #read} would not accept the resulting file; nothing was written
     * @throws IllegalStateException    if the parameters or the tensors changed meanwhile; an existing file is kept
     * @throws IOException              if writing failed, as in {@link #write(Path, Map, List)}
     */
    public static void write(
            Path file, Map<String, String> metadata, List<NamedTensor> tensors, @Nullable ParameterUpdates updates)
            throws IOException {
        AtomicFile.replace(file, SafetensorsWriter.of(metadata, tensors, NumberType.F64, updates));
    }

    /**
     * Checks that content can be written.
     *
     * @param metadata any strings
     * @param tensors  named tensors
     * @throws IllegalArgumentException as {@link #write}
     */
    public static void checkWritable(Map<String, String> metadata, List<NamedTensor> tensors) {
        new HeaderWriter(metadata, tensors, NumberType.F64);
    }

    /**
     * Reads and verifies a file strictly: anything that the format does not allow, and anything that this class would
     * not write (another number type, an empty tensor, an unknown field), is refused. Memory use is bounded by the size
     * of the file, whatever its header claims. NaN and infinities are allowed.
     *
     * @param file the path, on the default file system
     * @return the content; it matches the checksum of the file if there is one, see {@link #verified()}
     * @throws SafetensorsException if the content is not acceptable; the message states what was found and what is
     *     allowed
     * @throws IOException          if the file cannot be read
     */
    public static Safetensors read(Path file) throws IOException {
        return read(file, name -> true);
    }

    /**
     * Reads some tensors of a file. The whole file is verified as by {@link #read(Path)}, but only the wanted tensors
     * take memory.
     *
     * @param file   the path, on the default file system
     * @param wanted selects the tensors to keep, by name
     * @return the content, with the wanted tensors only
     * @throws SafetensorsException if the content is not acceptable; the message states what was found and what is
     *     allowed
     * @throws IOException          if the file cannot be read
     */
    public static Safetensors read(Path file, Predicate<String> wanted) throws IOException {
        return read(file, metadata -> true, wanted);
    }

    /**
     * Reads some tensors of a file if its metadata is accepted, and none of any other file, whose tensors may not fit
     * in memory. The whole file is verified as by {@link #read(Path)} in either case.
     *
     * @param file     the path, on the default file system
     * @param accepted decides by the metadata, without checksum entries
     * @param wanted   selects the tensors to keep, by name
     * @return the content, with the wanted tensors only, or none
     * @throws SafetensorsException if the content is not acceptable; the message states what was found and what is
     *     allowed
     * @throws IOException          if the file cannot be read
     */
    public static Safetensors read(Path file, Predicate<Map<String, String>> accepted, Predicate<String> wanted)
            throws IOException {
        return TensorFile.readAll(file, accepted, wanted);
    }

    /**
     * Reads some tensors of a file as {@link #read(Path, Predicate, Predicate)}, with its matrices packed for
     * inference: none of them is ever in memory as an array of {@code double}, unless its numbers need that.
     *
     * @param file     the path, on the default file system
     * @param accepted decides by the metadata, without checksum entries
     * @param wanted   selects the tensors to keep, by name
     * @param matrices receives the wanted tensors of two dimensions
     * @return the content, with the other wanted tensors
     * @throws SafetensorsException if the content is not acceptable; the message states what was found and what is
     *     allowed
     * @throws IOException          if the file cannot be read
     */
    public static Safetensors readPacked(
            Path file,
            Predicate<Map<String, String>> accepted,
            Predicate<String> wanted,
            Map<String, PackedMatrix> matrices)
            throws IOException {
        return TensorFile.readPacked(file, accepted, wanted, matrices);
    }
}
