package dev.microgpt.train.safetensors;

import dev.microgpt.train.internal.Quoted;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parsed header of a safetensors file.
 *
 * @param metadata     without the entries of the checksum, if there is one
 * @param tensors      in the order of their data
 * @param sha256       the checksum, 64 lower-case hexadecimal digits; null if the file has none
 * @param sha256Offset the offset of its first digit, in bytes from the start of the header
 */
record SafetensorsHeader(
        Map<String, String> metadata,
        List<TensorEntry> tensors,
        @Nullable String sha256,
        long sha256Offset) {

    /**
     * Checks that the tensors fill the data exactly, each starting where the previous one ends. As the bytes of every
     * entry agree with its shape, all tensors together then need memory proportional to the size of the file.
     */
    void checkLayout(Path file, long dataBytes) throws SafetensorsException {
        long end = 0;
        for (TensorEntry tensor : tensors) {
            if (tensor.begin() != end) {
                String defect = tensor.begin() < end ? "; tensors must not overlap" : "; there must be no gap";
                throw wrongOffsets(file, tensor, "begin " + tensor.begin(), end + defect);
            }
            end = tensor.end();
            if (end > dataBytes) {
                String most = "at most " + dataBytes + ", the bytes of data; is the file truncated?";
                throw wrongOffsets(file, tensor, "end " + end, most);
            }
        }
        if (end != dataBytes) {
            throw new SafetensorsException(
                    file, "data", dataBytes + " bytes", end + ", the end of the last tensor; nothing may follow it");
        }
    }

    private static SafetensorsException wrongOffsets(Path file, TensorEntry tensor, String found, String expected) {
        String where = "tensor " + Quoted.of(tensor.name()) + " data_offsets";
        return new SafetensorsException(file, where, found, expected);
    }
}
