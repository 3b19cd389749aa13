package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.cli.terminal.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * The catalogue of bad inputs, each as a process in a small heap, in locales that print and read numbers in other ways.
 *
 * <p>A build runs every tenth case in one locale, which changes from one to the next, and some of them in all; a
 * nightly build all in all. What a case says must be the same bytes in each.
 */
class CatalogueIT {
    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");
    private static final CatalogueLocale[] LOCALES = CatalogueLocale.here();

    /** Each in a folder of its own, so that a change is blamed on the one that made it. */
    private static final int WORKERS = 2;

    private static final int EACH_IN_A_BUILD = 10;
    private static final int EACH_IN_ALL_LOCALES = 16 * EACH_IN_A_BUILD;

    @TempDir
    Path folder;

    private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());
    private double slowest;
    private String slowestLine = "";

    @Test
    void everyBadInputIsAnsweredClearlyInEveryLocale(TestReporter reporter) throws Exception {
        List<CatalogueCase> cases = Catalogue.all();
        int processes = run(cases);
        assertEquals("", String.join("\n", complaints));
        int tried = NIGHTLY ? cases.size() : (cases.size() - 1) / EACH_IN_A_BUILD + 1;
        String figure = tried + " of " + cases.size() + " cases as " + processes + " processes in " + LOCALES.length
                + " locales under -Xmx64m: " + tried
                + " held, with the same bytes on standard error in each; the slowest, `" + slowestLine + "`, took "
                + Format.fixed(slowest, 2) + " s";
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    /** Neither is it recognized, nor passed on. */
    @Test
    void whatTheSystemSaysInAnotherLanguageChangesNothing(TestReporter reporter) throws Exception {
        assumeTrue(
                TranslatedLocale.isHere(),
                "skipped: the C library has no German messages here, or no localedef compiles a German locale");
        CatalogueInputs.write(folder);
        List<CatalogueCase> cases = Catalogue.errorsOfTheSystem();
        for (CatalogueCase input : cases) {
            compare(input, folder, CatalogueLocale.TRANSLATED);
        }
        assertEquals("", String.join("\n", complaints));
        String figure = cases.size() + " errors of the system reported in English while the system speaks German";
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    private int run(List<CatalogueCase> cases) throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        try {
            List<Future<Integer>> running = new ArrayList<>();
            for (int worker = 0; worker < WORKERS; worker++) {
                Path own = Files.createDirectory(folder.resolve(Integer.toString(worker)));
                CatalogueInputs.write(own);
                int first = worker;
                Callable<Integer> share = () -> share(cases, first, own);
                running.add(workers.submit(share));
            }
            int processes = 0;
            for (Future<Integer> share : running) {
                processes += share.get();
            }
            return processes;
        } finally {
            workers.shutdownNow();
        }
    }

    private int share(List<CatalogueCase> cases, int first, Path own) throws IOException, InterruptedException {
        int step = NIGHTLY ? 1 : EACH_IN_A_BUILD;
        int processes = 0;
        for (int i = first * step; i < cases.size(); i += WORKERS * step) {
            boolean everywhere = NIGHTLY || i % EACH_IN_ALL_LOCALES == 0;
            CatalogueLocale one = LOCALES[i / step % LOCALES.length];
            processes += compare(cases.get(i), own, everywhere ? LOCALES : new CatalogueLocale[] {one});
        }
        return processes;
    }

    private int compare(CatalogueCase input, Path own, CatalogueLocale... locales)
            throws IOException, InterruptedException {
        String said = null;
        for (CatalogueLocale locale : locales) {
            Outcome outcome = CatalogueProcess.run(own, locale, input.args(own));
            note(input, outcome.seconds());
            for (String complaint : Clarity.complaints(input.in(own), outcome)) {
                complain(input, locale, complaint + "\n    " + outcome.err().replace("\n", "\n    "));
            }
            // what is taken also says how fast it is
            String says = input.isRefusal() ? outcome.err() : outcome.out();
            if (said != null && !said.equals(says)) {
                complain(input, locale, "it says other bytes than in " + locales[0] + ":\n" + said + says);
            }
            said = says;
        }
        return locales.length;
    }

    private void complain(CatalogueCase input, CatalogueLocale locale, String complaint) {
        complaints.add("[" + Format.visible(input.line()) + "] in " + locale + ": " + complaint);
    }

    private synchronized void note(CatalogueCase input, double seconds) {
        if (seconds > slowest) {
            slowest = seconds;
            slowestLine = ("microgpt " + Format.visible(input.line())).strip();
        }
    }
}
