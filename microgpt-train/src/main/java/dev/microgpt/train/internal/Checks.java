package dev.microgpt.train.internal;

/** Range checks of settings. Each throws an {@link IllegalArgumentException} with name, value and rule. */
public final class Checks {
    private Checks() {}

    public static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least 1");
        }
    }

    public static void atLeastZero(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least 0");
        }
    }

    public static void positive(String name, double value) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be positive and finite");
        }
    }

    public static void notNegative(String name, double value) {
        if (!(value >= 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be finite and at least 0");
        }
    }

    public static void fraction(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least 0 and below 1");
        }
    }

    /** Checks the number of a batch of a set, whose name begins the message. */
    public static void batch(String set, int index, int batches) {
        if (index < 0 || index >= batches) {
            throw new IllegalArgumentException(
                    set + ": there is no batch " + index + "; they are 0 … " + (batches - 1));
        }
    }
}
