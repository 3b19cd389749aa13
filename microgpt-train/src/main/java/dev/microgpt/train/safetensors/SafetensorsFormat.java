package dev.microgpt.train.safetensors;

import dev.microgpt.train.internal.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Constants and limits shared by reader and writer.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">safetensors, the format</a>
 */
final class SafetensorsFormat {

    /** The size of the header length that precedes the header. */
    static final int LENGTH_BYTES = 8;

    /** The limit of the format's reference implementation. */
    static final int MAX_HEADER_BYTES = 100_000_000;

    /** Far more than any model needs; bounds the objects that a small hostile file can make the reader allocate. */
    static final int MAX_TENSORS = 65_536;

    static final int MAX_METADATA_ENTRIES = 65_536;

    /**
     * Of all metadata as it stands in the header: more than a tokenizer of 250,000 tokens takes. A JSON parser needs
     * several times the memory of a string.
     */
    static final int MAX_METADATA_BYTES = 1 << 24;

    static final int MAX_NAME_CHARS = 4096;

    /** Of the name and the fields of one tensor in the header. */
    static final int MAX_ENTRY_BYTES = 1 << 17;

    static final int MAX_RANK = 8;

    /** The size of the buffer through which elements are read and written. */
    static final int CHUNK_BYTES = 1 << 16;

    /** The entry of the header that is not a tensor. */
    static final String METADATA = "__metadata__";

    static final String DTYPE = "dtype";
    static final String SHAPE = "shape";
    static final String DATA_OFFSETS = "data_offsets";

    /** The metadata entry that announces a checksum: its value is {@link #SHA256}. */
    static final String CHECKSUM = "checksum";

    /** The metadata entry that holds the checksum. */
    static final String SHA256 = "sha256";

    /** Takes the place of the checksum while it is computed. */
    static final String BLANK_SHA256 = "0".repeat(Sha256.DIGITS);

    /** What the name of a tensor must be; other programs may print it, or make a file of it. */
    static final String NAME_RULE = "a name without control characters that is not a path";

    private SafetensorsFormat() {}

    /** Returns in which way the name of a tensor breaks {@link #NAME_RULE}, or null. */
    static @Nullable String flawOfName(String name) {
        if (name.isEmpty()) {
            return "an empty name";
        }
        boolean hasParts = name.indexOf('/') >= 0 || name.indexOf('\\') >= 0;
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            char c = i < name.length() ? name.charAt(i) : '/';
            if (c == '/' || c == '\\') {
                String part = name.substring(start, i);
                boolean leadsAway = hasParts && (part.isEmpty() || part.endsWith(":"));
                if (leadsAway || part.equals(".") || part.equals("..")) {
                    return "a path";
                }
                start = i + 1;
            } else if (isControl(name.codePointAt(i))) {
                return "a name with a control character";
            }
        }
        return null;
    }

    private static boolean isControl(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
