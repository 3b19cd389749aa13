package dev.microgpt.cli.page;

import dev.microgpt.train.internal.Sha256;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import dev.microgpt.train.internal.disk.UnusableFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/**
 * Makes one HTML file of a template and the style and script that it allows, all of them resources beside a class. In
 * the template, {@code {{css}}}, {@code {{js}}} and the like stand for values, and {@code {{css-hash}}} and
 * {@code {{js-hash}}} belong into its content security policy.
 */
public final class Template {
    /** The colors that all pages share, with their dark mode. */
    public static final String COLORS = "/dev/microgpt/cli/page/colors.css";

    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";

    private final Class<?> owner;

    /** Uses the resources beside a class. */
    public Template(Class<?> owner) {
        this.owner = owner;
    }

    /** Adds the style, which is these files one after another, and its hash to the values. */
    public void putStyle(Map<String, String> values, String... files) throws IOException {
        put(values, "css", joined(files));
    }

    /** Adds the script, which is these files one after another, and its hash to the values. */
    public void putScript(Map<String, String> values, String... files) throws IOException {
        put(values, "js", joined(files));
    }

    private String joined(String... files) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String file : files) {
            text.append(resource(file));
        }
        return text.toString();
    }

    private static void put(Map<String, String> values, String name, String text) {
        byte[] hash = Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
        values.put(name, text);
        values.put(name + "-hash", "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
    }

    /** Replaces each {@code {{name}}} of the template by its value; values are not searched for names. */
    public String filled(String file, Map<String, String> values) throws IOException {
        String template = resource(file);
        StringBuilder html = new StringBuilder();
        int end = 0;
        for (int open = template.indexOf(OPEN); open >= 0; open = template.indexOf(OPEN, end)) {
            html.append(template, end, open);
            end = template.indexOf(CLOSE, open) + CLOSE.length();
            String name = template.substring(open + OPEN.length(), end - CLOSE.length());
            String value = values.get(name);
            if (value == null) {
                throw new IllegalStateException(
                        file + " has the placeholder " + name + ", for which there is no value");
            }
            html.append(value);
        }
        return html.append(template, end, template.length()).toString();
    }

    /**
     * Refuses to replace a file that does not begin as this page does.
     *
     * @param refusal what is wrong with another file, and what to do
     * @throws FileSystemException if the file exists and is something else
     */
    public static void checkReplaceable(Path page, String beginning, String refusal) throws IOException {
        if (!Files.exists(page)) {
            return;
        }
        byte[] expected = beginning.getBytes(StandardCharsets.UTF_8);
        byte[] found = new byte[0];
        if (Files.isRegularFile(page)) {
            try (InputStream in = OrdinaryFile.open(page)) {
                found = in.readNBytes(expected.length);
            }
        }
        if (!Arrays.equals(found, expected)) {
            throw new UnusableFileException(page, refusal);
        }
    }

    private String resource(String name) throws IOException {
        try (InputStream in = owner.getResourceAsStream(name)) {
            if (in == null) {
                throw new NoSuchFileException(name, null, "missing in the jar; build it again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
