package dev.microgpt.train.safetensors;

import dev.microgpt.train.internal.Sha256;

/** What reader and writer of safetensors files must agree on. */
final class SafetensorsFormat {

    /** The length of the header stands in front of it in so many bytes. */
    static final int LENGTH_BYTES = 8;

    /** The limit of the format's reference implementation. */
    static final int MAX_HEADER_BYTES = 100_000_000;

    /** Far above every model here; bounds the objects that a small hostile file can ask for. */
    static final int MAX_TENSORS = 65_536;

    static final int MAX_METADATA_ENTRIES = 65_536;

    /** A parser takes many times the memory of a name. */
    static final int MAX_NAME_CHARS = 4096;

    static final int MAX_RANK = 8;

    /** Elements pass through a buffer of this size on their way to and from the disk. */
    static final int CHUNK_BYTES = 1 << 16;

    /** The header's entry that is not a tensor. */
    static final String METADATA = "__metadata__";

    static final String DTYPE = "dtype";
    static final String SHAPE = "shape";
    static final String DATA_OFFSETS = "data_offsets";

    /** The metadata entry that announces a checksum: its value is {@link #SHA256}. */
    static final String CHECKSUM = "checksum";

    /** The metadata entry that holds the checksum. */
    static final String SHA256 = "sha256";

    /** Stands in the place of the checksum while the checksum is computed. */
    static final String BLANK_SHA256 = "0".repeat(Sha256.DIGITS);

    private SafetensorsFormat() {}

    /** Half of a surrogate pair has no UTF-8 form, but Java strings and JSON escapes can hold it. */
    static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
            if (!pair) {
                return true;
            }
            i++;
        }
        return false;
    }
}
