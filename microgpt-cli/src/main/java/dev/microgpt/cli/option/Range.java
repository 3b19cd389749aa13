package dev.microgpt.cli.option;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The numbers that an option accepts. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Range {
    /** The smallest number. */
    double atLeast() default Double.NEGATIVE_INFINITY;

    /** A bound that every number exceeds. */
    double above() default Double.NEGATIVE_INFINITY;

    /** The largest number. */
    double atMost() default Double.POSITIVE_INFINITY;

    /** A bound that exceeds every number. */
    double below() default Double.POSITIVE_INFINITY;
}
