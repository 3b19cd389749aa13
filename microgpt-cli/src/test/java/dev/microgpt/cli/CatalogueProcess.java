package dev.microgpt.cli;

import dev.microgpt.cli.jvm.Launcher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the jar in a small heap and a locale, and sees what it does. */
final class CatalogueProcess {
    private static final String JAR = System.getProperty("microgpt.jar");
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final int SECONDS = 60;
    private static final double NANOS = 1e9;

    private CatalogueProcess() {}

    /** Runs a command in a folder, which it sees before and after; the streams go to files beside the folder. */
    static Outcome run(Path folder, CatalogueLocale locale, List<String> args)
            throws IOException, InterruptedException {
        Path out = folder.resolveSibling(folder.getFileName() + ".out");
        Path err = folder.resolveSibling(folder.getFileName() + ".err");
        Snapshot before = Snapshot.of(folder);
        long start = System.nanoTime();
        Process process = start(folder, locale, args, out, err);
        try {
            boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
            double seconds = (System.nanoTime() - start) / NANOS;
            int exitCode = ended ? process.exitValue() : -1;
            List<String> changes = before.changesTo(Snapshot.of(folder));
            return new Outcome(exitCode, Files.readString(out), Files.readString(err), changes, seconds);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(Path folder, CatalogueLocale locale, List<String> args, Path out, Path err)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA, "-Xmx64m", "-XX:TieredStopAtLevel=1")); // starts sooner
        command.addAll(locale.flags());
        command.addAll(List.of("-jar", JAR));
        command.addAll(args);
        // the shell makes the bytes of arguments, for the JVM of this test may not be able to
        StringBuilder script = new StringBuilder("exec");
        for (String word : command) {
            script.append(' ').append(quoted(word));
        }
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script.toString())
                .directory(folder.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().remove("LANGUAGE");
        builder.environment().putAll(locale.environment());
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", Launcher.VARIABLE));
        return builder.start();
    }

    private static String quoted(String word) {
        if (word.matches("[ -~&&[^']]*")) {
            return "'" + word + "'";
        }
        StringBuilder octal = new StringBuilder();
        for (byte b : bytes(word)) {
            octal.append('\\').append(Integer.toOctalString(0x200 | b & 0xFF).substring(1)); // three digits
        }
        return "\"$(printf '" + octal + "')\"";
    }

    /** UTF-8, but for the code units that stand for bytes that are not. */
    private static byte[] bytes(String word) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        word.codePoints().forEach(c -> {
            if (c >= 0xDC80 && c <= 0xDCFF) {
                bytes.write(c - 0xDC00);
            } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }
}
