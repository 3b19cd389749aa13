/**
 * The process of the program: a second JVM with the Vector API, signals, and arguments in any encoding.
 *
 * <p>Start at {@link dev.microgpt.cli.jvm.Launcher}, which runs a long command in a {@link
 * dev.microgpt.cli.jvm.SecondJvm} with its {@link dev.microgpt.cli.jvm.PassedFlags}; that one watches its {@link
 * dev.microgpt.cli.jvm.FirstJvm}. Independent of these are {@link dev.microgpt.cli.jvm.Interruption} and
 * {@link dev.microgpt.cli.jvm.TypedArguments}.
 */
@NullMarked
package dev.microgpt.cli.jvm;

import org.jspecify.annotations.NullMarked;
