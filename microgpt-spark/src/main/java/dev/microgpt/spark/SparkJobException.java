package dev.microgpt.spark;

/** Work on a cluster failed for a reason that the message explains, with its repair. */
public final class SparkJobException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SparkJobException(String message) {
        super(message);
    }

    SparkJobException(String message, Throwable cause) {
        super(message, cause);
    }
}
