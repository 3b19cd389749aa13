package dev.microgpt.train.fuzz;

import java.nio.file.Files;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Publishes the number of cases of a test class, and the number that passed. */
public final class CountedCases implements AfterTestExecutionCallback, AfterAllCallback {
    private int tried;
    private int held;

    /** Starts without any case. */
    public CountedCases() {}

    @Override
    public void afterTestExecution(ExtensionContext test) {
        tried++;
        held += test.getExecutionException().isPresent() ? 0 : 1;
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        String figure = tried + " kinds of bad files tried, " + held + " held";
        tests.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }
}
