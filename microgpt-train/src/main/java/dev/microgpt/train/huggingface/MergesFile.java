package dev.microgpt.train.huggingface;

import dev.microgpt.train.internal.LfsPointer;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.Utf8Check;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads {@code merges.txt}: after an optional first line {@code #version: …}, each line has two tokens, separated by a
 * space, that are merged into one. Later lines may start with {@code #}, because that is a token too.
 */
final class MergesFile {
    private static final String HEADER = "#version";

    /** A hundred times the size of GPT-2's. */
    private static final int MAX_BYTES = 1 << 26;

    private final Path file;
    private final Set<String> vocabulary;
    private final List<String[]> merges = new ArrayList<>();
    private final Map<String, Integer> lineByMerge = new HashMap<>();
    private int unknown;
    private String firstUnknown = "";

    private MergesFile(Path file, Set<String> vocabulary) {
        this.file = file;
        this.vocabulary = vocabulary;
    }

    /**
     * Reads the merges in file order.
     *
     * @param vocabulary all tokens, which must include both sides and the result of every merge
     */
    static List<String[]> read(Path file, Set<String> vocabulary) throws IOException {
        MergesFile merges = new MergesFile(file, vocabulary);
        int number = 0;
        for (String line : (Iterable<String>) merges.text().lines()::iterator) {
            number++;
            if (number > 1 || !line.startsWith(HEADER)) {
                merges.add(line, number);
            }
        }
        merges.checkKnown();
        return merges.merges;
    }

    private String text() throws IOException {
        byte[] bytes;
        try (InputStream in = OrdinaryFile.open(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new HuggingFaceException(
                    file + ": found more than " + MAX_BYTES + " bytes, expected at most that many");
        }
        if (LfsPointer.isIn(bytes)) {
            throw new HuggingFaceException(
                    file + ": found a git-lfs pointer, expected the merges of tokens" + LfsPointer.REPAIR);
        }
        Utf8Check utf8 = new Utf8Check();
        int wrong = utf8.wrongIn(bytes, 0, bytes.length);
        if (wrong != Utf8Check.NONE || utf8.isInside()) {
            int at = wrong == Utf8Check.NONE ? bytes.length - 1 : wrong;
            String upTo = new String(bytes, 0, at + 1, StandardCharsets.ISO_8859_1);
            throw wrong((int) upTo.lines().count(), "bytes that are not UTF-8", "UTF-8 text");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void add(String line, int number) throws HuggingFaceException {
        int space = line.indexOf(' ');
        boolean two = space > 0 && space < line.length() - 1 && line.indexOf(' ', space + 1) < 0;
        if (!two || line.indexOf('\t') >= 0) {
            throw wrong(
                    number, line.isEmpty() ? "an empty line" : Quoted.of(line), "two tokens separated by one space");
        }
        Integer same = lineByMerge.put(line, number);
        if (same != null) {
            throw wrong(number, Quoted.of(line) + " as in line " + same, "each merge once");
        }
        String left = line.substring(0, space);
        String right = line.substring(space + 1);
        for (String token : new String[] {left, right, left + right}) {
            if (!vocabulary.contains(token)) {
                if (unknown == 0) {
                    firstUnknown =
                            "line " + number + ": found " + Quoted.of(line) + ", but no token " + Quoted.of(token);
                }
                unknown++;
                break;
            }
        }
        merges.add(new String[] {left, right});
    }

    private void checkKnown() throws HuggingFaceException {
        if (unknown > 0) {
            throw new HuggingFaceException(
                    file + ", " + firstUnknown + " in vocab.json, expected every token to be there; " + unknown + " of "
                            + merges.size() + " merges lack one: do the two files belong together?");
        }
    }

    private HuggingFaceException wrong(int line, String found, String expected) {
        return new HuggingFaceException(file + ", line " + line + ": found " + found + ", expected " + expected);
    }
}
