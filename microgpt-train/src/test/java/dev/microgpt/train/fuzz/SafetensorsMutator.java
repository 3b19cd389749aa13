package dev.microgpt.train.fuzz;

import dev.microgpt.train.internal.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Mutates safetensors files, and usually corrects the header length and the checksum afterwards. */
final class SafetensorsMutator {
    private static final int LENGTH = 8;
    private static final int DIGITS = 64;
    private static final Pattern ENTRY = Pattern.compile("(\"\\w+\":)\"(\\{[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"");
    private static final Pattern CHECKSUM = Pattern.compile("\"checksum\":\"sha256\",\"sha256\":\"[0-9a-f]{64}\",?");

    private final Random random;

    SafetensorsMutator(Random random) {
        this.random = random;
    }

    byte[] mutate(byte[] file) {
        if (random.nextInt(6) == 0) {
            return repaired(new ByteMutator(random).mutate(file));
        }
        int end = LENGTH
                + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(file, LENGTH, end - LENGTH, StandardCharsets.UTF_8);
        byte[] data = Arrays.copyOfRange(file, end, file.length);
        switch (random.nextInt(5)) {
            case 0, 1 -> header = new JsonMutator(random).mutate(header);
            case 2, 3 -> header = mutateEntry(header);
            default -> data = new ByteMutator(random).mutate(data);
        }
        if (random.nextInt(3) == 0) {
            header = CHECKSUM.matcher(header).replaceFirst("");
        }
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(12) == 0) {
            json = new ByteMutator(random).mutate(json);
        }
        return repaired(file(json, data));
    }

    /** Mutates one of the JSON documents in the metadata, and stores it as a valid string again. */
    private String mutateEntry(String header) {
        Matcher entries = ENTRY.matcher(header);
        int wanted = random.nextInt(7);
        for (int i = 0; entries.find(); i++) {
            if (i == wanted) {
                String json = entries.group(2).replace("\\\"", "\"").replace("\\\\", "\\");
                String spoilt = JsonWriter.text(new JsonMutator(random).mutate(json));
                return header.substring(0, entries.start())
                        + entries.group(1)
                        + spoilt
                        + header.substring(entries.end());
            }
        }
        return new JsonMutator(random).mutate(header);
    }

    static byte[] file(byte[] json, byte[] data) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        byte[] length = new byte[LENGTH];
        ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length);
        file.writeBytes(length);
        file.writeBytes(json);
        file.writeBytes(data);
        return file.toByteArray();
    }

    /** Usually updates the checksum, if there is one. */
    private byte[] repaired(byte[] file) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("\"sha256\":\"") + 10;
        if (at < 10 || at + DIGITS > file.length || random.nextInt(8) == 0) {
            return file;
        }
        Arrays.fill(file, at, at + DIGITS, (byte) '0');
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(file);
            byte[] digits = HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(digits, 0, file, at, DIGITS);
            return file;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
