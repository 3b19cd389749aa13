package dev.microgpt.train.huggingface;

import dev.microgpt.model.tokenizer.BpeVocabulary;
import dev.microgpt.train.internal.LfsPointer;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.Utf8Check;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
    static final int MAX_BYTES = 1 << 26;

    /** Two tokens, whose letters take up to two bytes each, and the space between them. */
    private static final int MAX_LINE = 4 * BpeVocabulary.MAX_TOKEN_BYTES + 1;

    private static final int BUFFER_BYTES = 1 << 13;

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
        try (InputStream in = OrdinaryFile.open(file)) {
            merges.checkSize(Files.size(file));
            merges.addLines(in);
        }
        merges.checkKnown();
        return merges.merges;
    }

    private void checkSize(long bytes) throws HuggingFaceException {
        if (bytes > MAX_BYTES) {
            throw new HuggingFaceException(
                    file + ": found more than " + MAX_BYTES + " bytes, expected at most that many");
        }
    }

    /** Line by line: a large file of another kind must not fill the memory before its first line is refused. */
    private void addLines(InputStream in) throws IOException {
        Utf8Check utf8 = new Utf8Check();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] bytes = new byte[BUFFER_BYTES];
        int number = 1;
        long size = 0;
        byte last = 0;
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
            size += count;
            checkSize(size);
            int wrong = utf8.wrongIn(bytes, 0, count);
            for (int i = 0; i < count; i++) {
                if (i == wrong) {
                    throw notText(number);
                }
                if (bytes[i] == '\n' && last == '\r') {
                    last = '\n';
                    continue;
                }
                last = bytes[i];
                if (last == '\n' || last == '\r') {
                    addLine(line, number++);
                } else {
                    line.write(last);
                }
            }
            if (line.size() > MAX_LINE) {
                throw wrong(number, "more than " + MAX_LINE + " bytes", "two tokens separated by one space");
            }
        }
        if (utf8.isInside()) {
            throw notText(number);
        }
        if (line.size() > 0) {
            addLine(line, number);
        }
    }

    private void addLine(ByteArrayOutputStream bytes, int number) throws HuggingFaceException {
        if (number == 1 && LfsPointer.isIn(bytes.toByteArray())) {
            throw new HuggingFaceException(
                    file + ": found a git-lfs pointer, expected the merges of tokens" + LfsPointer.REPAIR);
        }
        String line = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        if (number > 1 || !line.startsWith(HEADER)) {
            add(line, number);
        }
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

    private HuggingFaceException notText(int line) {
        return wrong(line, "bytes that are not UTF-8", "UTF-8 text");
    }

    private HuggingFaceException wrong(int line, String found, String expected) {
        return new HuggingFaceException(file + ", line " + line + ": found " + found + ", expected " + expected);
    }
}
