package dev.microgpt.train.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 hashes, as text 64 lower-case hexadecimal digits. */
public final class Sha256 {
    /** The number of hexadecimal digits of a hash. */
    public static final int DIGITS = 64;

    private Sha256() {}

    /** Returns a new digest. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256, which every one must have", e);
        }
    }

    /** Returns the hash of the concatenated content of some files. */
    public static String of(Path... files) throws IOException {
        MessageDigest digest = digest();
        try (OutputStream hashed = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            for (Path file : files) {
                Files.copy(file, hashed);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Returns whether a text is 64 lower-case hexadecimal digits. */
    public static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return text.length() == DIGITS;
    }
}
