package dev.microgpt.model.setting;

/** Something that files refer to by a name, and that is found by it. */
public interface Named {
    /**
     * Returns the name in files and on command lines.
     *
     * @return a dotted name that nobody else uses, such as {@code com.example.alibi}: names without a dot belong to
     *     this library; or an empty text for an object that only lives in this program and cannot be stored
     */
    String name();

    /**
     * Returns the version of what is computed. A file stores it, and is refused by any other, so change it with every
     * change that gives other results.
     *
     * @return 1 unless overridden
     */
    default int version() {
        return 1;
    }
}
