package dev.microgpt.train.safetensors;

import dev.microgpt.train.internal.LfsPointer;
import java.nio.charset.StandardCharsets;

/** Recognizes the format of a file that is not a safetensors file by its first bytes. */
final class FileTypeGuess {
    /** The number of bytes at the start of a file that are worth passing. */
    static final int USEFUL_BYTES = 256;

    private static final String REPAIR = "; give the .safetensors file of a model";

    private FileTypeGuess() {}

    /** Returns the end of an error message: what the file is, and what to do. */
    static String message(byte[] start) {
        String kind = kind(start);
        return kind.isEmpty() ? ", or a damaged one" + REPAIR : "; it looks like " + kind;
    }

    private static String kind(byte[] start) {
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (isFilledWith(start, (byte) 0x00)) {
            return "zeros, left behind by an interrupted copy or a crash";
        }
        if (isFilledWith(start, (byte) 0xFF)) {
            return "erased storage (all bits set)";
        }
        if (LfsPointer.isIn(start)) {
            return "a git-lfs pointer" + LfsPointer.REPAIR;
        }
        if (text.startsWith("PK\u0003\u0004")) {
            return "a zip archive, such as a PyTorch .pt file; convert it with Python's safetensors";
        }
        if (text.length() > 1 && text.charAt(0) == 0x80 && text.charAt(1) <= 5) {
            return "a Python pickle, such as an old PyTorch .pt file; convert it with Python's safetensors";
        }
        if (text.startsWith("GGUF")) {
            return "a GGUF model; use the model's safetensors file";
        }
        if (text.startsWith("\u001f\u008b")) {
            return "a gzip archive; unpack it first";
        }
        return textKind(text.stripLeading());
    }

    private static String textKind(String text) {
        if (text.regionMatches(true, 0, "<!doctype", 0, 9) || text.regionMatches(true, 0, "<html", 0, 5)) {
            return "a web page; the download went wrong";
        }
        if (text.startsWith("{")) {
            return "a JSON file; name the .safetensors file next to it";
        }
        return isText(text) ? "text" + REPAIR : "";
    }

    private static boolean isText(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' && !Character.isWhitespace(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isFilledWith(byte[] start, byte value) {
        for (byte b : start) {
            if (b != value) {
                return false;
            }
        }
        return start.length > 0;
    }
}
