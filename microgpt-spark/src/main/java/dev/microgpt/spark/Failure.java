package dev.microgpt.spark;

import dev.microgpt.train.data.read.DataException;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;

/** Finds the reason in the failure of a Spark job, of which the task's exception may be left as text only. */
final class Failure {
    private static final Pattern TASK = Pattern.compile(
            "(?:dev\\.microgpt\\.[\\w.]*(?:SparkJobException|DataException)|java\\.io\\.IOException): " + "([^\\n]*)");
    /** Where a class of the task is missing, Java also says that it cannot assign a lambda. */
    private static final Pattern CLASS =
            Pattern.compile("(?:(?:ClassNotFoundException|NoClassDefFoundError): dev[./]microgpt[./][\\w./$]*"
                    + "|cannot assign instance of java.lang.invoke.SerializedLambda)");

    private Failure() {}

    /** Work that runs Spark jobs. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** Returns the result of some work; explains its failure if it is one of tasks. */
    static <T> T explained(Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (IOException | RuntimeException failure) {
            throw of(failure);
        } catch (Exception unchecked) { // Scala's methods throw SparkException without declaring it
            throw of(unchecked);
        }
    }

    private static RuntimeException of(Exception failure) throws IOException {
        StringBuilder all = new StringBuilder();
        boolean ofSpark = false;
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SparkJobException explained) {
                throw explained;
            }
            if (each instanceof DataException data) {
                throw data;
            }
            ofSpark |= each instanceof SparkException;
            all.append(each).append('\n');
        }
        Matcher missing = CLASS.matcher(all);
        if (missing.find()) {
            return new SparkJobException(
                    "an executor lacks classes of microgpt (" + missing.group()
                            + "); give its jars to all executors:"
                            + " spark-submit --jars microgpt.jar … microgpt-spark.jar",
                    failure);
        }
        Matcher task = TASK.matcher(all);
        if (ofSpark && task.find()) {
            return new SparkJobException(task.group(1), failure);
        }
        if (failure instanceof IOException other) {
            throw other;
        }
        return failure instanceof RuntimeException other
                ? other
                : new SparkJobException("the Spark job failed: " + failure.getMessage(), failure);
    }
}
