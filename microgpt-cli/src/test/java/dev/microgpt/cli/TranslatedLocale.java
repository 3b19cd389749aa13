package dev.microgpt.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A German locale in which the C library's messages are translated, too. Few systems have one installed, but where the
 * sources of locales and the translations are, it can be compiled.
 */
final class TranslatedLocale {
    private static final String NAME = "de_DE.UTF-8";
    private static final Path FOLDER = Path.of("target", "locale").toAbsolutePath();
    private static final boolean HERE = isCompiled();

    private TranslatedLocale() {}

    /** Returns whether the system's messages are German in the {@link #environment}. */
    static boolean isHere() {
        return HERE;
    }

    static Map<String, String> environment() {
        return Map.of("LC_ALL", NAME, "LOCPATH", FOLDER.toString(), "LANGUAGE", "de");
    }

    private static boolean isCompiled() {
        try {
            if (!Files.exists(FOLDER.resolve(NAME))) {
                Files.createDirectories(FOLDER);
                String file = FOLDER.resolve(NAME).toString();
                new ProcessBuilder("localedef", "--no-archive", "-i", "de_DE", "-f", "UTF-8", file)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
            }
            ProcessBuilder builder = new ProcessBuilder("cat", "/").redirectErrorStream(true);
            builder.environment().putAll(environment());
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return said.contains("Ist ein Verzeichnis");
        } catch (IOException unsupported) {
            return false;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
