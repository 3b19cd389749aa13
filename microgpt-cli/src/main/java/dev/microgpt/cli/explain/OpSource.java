package dev.microgpt.cli.explain;

import dev.microgpt.autograd.Op;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The source of an operation, which is in the jar, and what its documentation says: the page shows that, and nothing
 * that was written a second time.
 *
 * @param text    the whole file
 * @param about   the first sentence
 * @param formula the formula in it, such as {@code y = a + b}
 * @param gradient the paragraph on its gradient; empty if there is none
 */
record OpSource(String text, String about, String formula, String gradient) {
    private static final String PACKAGE = "dev.microgpt.autograd.op";
    private static final Pattern COMMENT = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);
    private static final Pattern CODE = Pattern.compile("\\{@(?:code|link)\\s+([^}]*)}");

    /** The first code of the form {@code y = …} or {@code y[t] = …}; other code before it names what it is made of. */
    private static final Pattern FORMULA = Pattern.compile("\\{@code\\s+(y[^=}]* = [^}]*)}");

    /** Returns the source of an operation of the library, or null for one from elsewhere. */
    static @Nullable OpSource of(Class<? extends Op> type) {
        if (!isThere(type)) {
            return null;
        }
        String name = type.getName();
        String path = "source/" + name.substring(PACKAGE.length() + 1).replace('.', '/') + ".java";
        return parse(resource(path));
    }

    /** Returns whether an operation is one of the library. */
    static boolean isThere(Class<? extends Op> type) {
        return type.getName().startsWith(PACKAGE + ".");
    }

    private static OpSource parse(String source) {
        Matcher comment = COMMENT.matcher(source);
        if (!comment.find()) {
            throw new IllegalArgumentException("no documentation in a source that begins with "
                    + source.substring(0, Math.min(source.length(), 80)));
        }
        String[] paragraphs = comment.group(1).replaceAll("\\s*\n \\* ?", " ").split("<p>|@see|@param");
        Matcher formula = FORMULA.matcher(paragraphs[0]);
        String gradient = "";
        for (String paragraph : paragraphs) {
            gradient = paragraph.startsWith("Gradient") ? plain(paragraph) : gradient;
        }
        return new OpSource(source, plain(paragraphs[0]), formula.find() ? formula.group(1) : "", gradient);
    }

    private static String plain(String javadoc) {
        return CODE.matcher(javadoc).replaceAll("$1").replaceAll("<[^>]*>", "").strip();
    }

    /** Returns a text that is in the jar next to this class. */
    static String resource(String name) {
        try (InputStream in = OpSource.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read the resource " + name, unreadable);
        }
    }
}
