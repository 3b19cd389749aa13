package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.train.internal.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** A training run writes the same files and output in every locale. */
class LocaleIT {
    private static final List<String> TRAINING = List.of(
            ("train --preset nano --n-layer 1 --n-head 2 --n-embd 8 --block-size 8 --steps 30 --eval-interval 10"
                            + " --samples 2 --num-samples 3 --data text.txt")
                    .split(" "));

    /** Letters beyond ASCII, and the i that Turkish writes with another capital. */
    private static final String TEXT =
            "Viele Igel t\u00fcfteln: \u0130\u0131iI, 1,5 \ud55c\uad6d\ud83d\ude00\n".repeat(20);

    @TempDir
    Path folder;

    @Test
    void everyFileAndAllOutputAreTheSameInEveryLocale(TestReporter reporter) throws Exception {
        Map<String, String> expected = results(CatalogueLocale.C);
        String out = expected.get("standard output");
        assertTrue(out.chars().anyMatch(c -> c > 127), "the samples have letters beyond ASCII: " + out);
        assertFalse(out.contains("?"), out);
        int compared = 0;
        for (CatalogueLocale locale : CatalogueLocale.here()) {
            if (locale != CatalogueLocale.C) {
                Map<String, String> found = results(locale);
                assertEquals(expected.keySet(), found.keySet());
                expected.forEach((name, bytes) -> assertEquals(bytes, found.get(name), name + " in " + locale));
                compared += expected.size();
            }
        }
        String figure = compared + " results of a training in " + CatalogueLocale.here().length
                + " locales compared with those in the first, " + compared + " the same: "
                + String.join(", ", expected.keySet());
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    /** Names of files are bytes, which the locale makes text of. */
    @Test
    void filesOfAFolderAreTheSameInEveryLocale() throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        String make = "printf '%s\\n' Berta > '" + data + "'/$(printf '\\303\\251').txt; printf '%s\\n' Cleo > '" + data
                + "'/$(printf '\\303\\240').txt; printf '%s\\n' Anna > '" + data + "'/a.txt";
        assertEquals(0, new ProcessBuilder("sh", "-c", make).start().waitFor());
        for (CatalogueLocale locale : CatalogueLocale.here()) {
            Path own = Files.createDirectories(folder.resolve(locale.name()));
            String text = "tokenizer train --vocab-size 257 --data " + data;
            Outcome outcome = CatalogueProcess.run(own, locale, List.of(text.split(" ")));
            assertEquals(ExitCode.DONE, outcome.exitCode(), outcome.err());
            assertTrue(outcome.err().contains("read 3 files of " + data), locale + ": " + outcome.err());
        }
    }

    /** Returns everything that a training run writes, except its speed. */
    private Map<String, String> results(CatalogueLocale locale) throws Exception {
        Path own = Files.createDirectories(folder.resolve(locale.name()));
        Files.writeString(own.resolve("text.txt"), TEXT);
        Outcome outcome = CatalogueProcess.run(own, locale, TRAINING);
        assertEquals(ExitCode.DONE, outcome.exitCode(), outcome.err());
        Path out = own.resolve("out");
        Map<String, String> results = new TreeMap<>();
        results.put("checkpoint", hash(Files.readAllBytes(out.resolve("checkpoint.safetensors"))));
        results.put("best checkpoint", hash(Files.readAllBytes(out.resolve("best.safetensors"))));
        results.put("metrics", withoutSpeed(Files.readString(out.resolve("metrics.jsonl"))));
        results.put("report", withoutSpeed(Files.readString(out.resolve("report.html"))));
        results.put("standard output", outcome.out());
        results.put("standard error", withoutSpeed(outcome.err()));
        return results;
    }

    /** Removes the numbers that depend on the speed. */
    private static String withoutSpeed(String text) {
        return text.replaceAll("(\"tokens_per_second\":)[0-9.]+(E[0-9]+)?", "$1")
                .replaceAll("(?s)<section class=\"chart\" aria-labelledby=\"speed-title\">.*?</section>", "")
                .replaceAll("\\{\"id\":\"speed\".*", "")
                // the last of five cells is the speed, with decimals if it is below 1000; evaluations have four cells
                .replaceAll("(</th>(?:<td>[^<]*</td>){4})<td>[0-9,.]+</td></tr>", "$1</tr>")
                .replaceAll("[0-9,.]+( tokens/s)", "$1")
                .replaceAll("took [0-9]+ s", "");
    }

    private static String hash(byte[] content) {
        return HexFormat.of().formatHex(Sha256.digest().digest(content));
    }
}
