package dev.microgpt.train.safetensors;

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
 * <p>A file is the length of the header (8 bytes, little-endian, unsigned), the header (a JSON object), and the
 * elements of all tensors one after the other, little-endian. Files written here also carry the SHA-256 of the whole
 * file, computed with its own 64 digits set to zeros, in two metadata entries: {@code checksum} says that there is one,
 * {@code sha256} holds it. Two, so that no single damaged byte can make a checked file pass for one without a checksum.
 * Other programs see two more strings and read the file as it is.
 *
 * <p>Equal content gives equal bytes: no time, host or path is written.
 *
 * @param metadata what the file says about itself, in the order of the file, without the two checksum entries of a file
 *                 that was verified; unmodifiable
 * @param tensors  in the order of their data in the file; unmodifiable
 * @param sha256   the checksum the file carries, 64 lower-case hexadecimal digits, which the file was found to match;
 *                 {@code null} if it carries none
 * @see <a href="https://github.com/huggingface/safetensors#format">safetensors, the format</a>
 */
public record Safetensors(
        Map<String, String> metadata,
        List<NamedTensor> tensors,
        @Nullable String sha256) {

    /**
     * Copies the map and the list; the tensors' arrays are not copied.
     *
     * @param metadata see above
     * @param tensors  see above
     * @param sha256   see above
     */
    public Safetensors {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        tensors = List.copyOf(tensors);
    }

    /** {@return whether the file carried a checksum and matched it; a file of another program usually carries none} */
    public boolean verified() {
        return sha256 != null;
    }

    /**
     * Writes a file, or replaces it as a whole: at any moment, also after a crash or a power cut, the path holds the
     * old content or the new one. A symbolic link is replaced, not followed; a folder or device is refused. One writer
     * a file at a time.
     *
     * @param file     the path, on the default file system; its folder must exist
     * @param metadata any strings, written in the map's order; {@code checksum} and {@code sha256} are added
     * @param tensors  at most 65,536 with different names, written in this order; not modified, and must not change
     *                 during the call
     * @throws IllegalArgumentException if the content cannot be a safetensors file that {@link #read} accepts; nothing
     *                                  was written
     * @throws IOException              if writing failed; unless only the last step did (making the new name durable),
     *                                  the old file is untouched. The temporary file is gone
     */
    public static void write(Path file, Map<String, String> metadata, List<NamedTensor> tensors) throws IOException {
        AtomicFile.replace(file, SafetensorsWriter.of(metadata, tensors, NumberType.F64));
    }

    /**
     * Reads a file, strictly: anything that the format does not allow, and anything that this class would not write
     * (another number type, an empty tensor, an unknown field), is refused. Memory is bounded by the size of the file,
     * whatever its header claims. The elements are taken as they are, NaN and infinities included.
     *
     * @param file the path, on the default file system
     * @return the content, compared with the file's checksum if it carries one, see {@link #verified()}
     * @throws SafetensorsException if the content is not acceptable; the message says what was found and expected
     * @throws IOException          if the file cannot be read
     */
    public static Safetensors read(Path file) throws IOException {
        return read(file, name -> true);
    }

    /**
     * Reads some tensors of a file. All of the file is checked as {@link #read(Path)} does, but what is not wanted takes no
     * memory.
     *
     * @param file   the path, on the default file system
     * @param wanted tells by its name whether a tensor is to be kept
     * @return the content, without the tensors that are not wanted
     * @throws SafetensorsException if the content is not acceptable; the message says what was found and expected
     * @throws IOException          if the file cannot be read
     */
    public static Safetensors read(Path file, Predicate<String> wanted) throws IOException {
        return TensorFile.readAll(file, wanted);
    }
}
