package dev.microgpt.model.setting;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/** A setting with parts: built-in ones with plain names, and others with dotted names, found as services. */
final class PartSetting<P extends Part<P>> extends NameSetting<P> {
    private final Class<P> kind;

    PartSetting(String name, Class<P> kind, P usual, List<P> builtIn, String help) {
        super(name, usual, builtIn, help);
        this.kind = kind;
    }

    @Override
    String nameOf(P part) {
        return part.name();
    }

    @Override
    public String rule() {
        String own = String.join(", ", names());
        return (known.size() == 1 ? own : "one of " + own) + ", or the dotted name of a part on the class path";
    }

    @Override
    public P parse(String text) {
        P own = knownAs(text);
        if (own != null) {
            return own;
        }
        int open = text.indexOf('(');
        String name = open < 0 ? text : text.substring(0, open);
        if (!Providers.isDotted(name)) {
            throw refused(text);
        }
        if (open >= 0 && !text.endsWith(")")) {
            throw malformed(text);
        }
        P found = Providers.find(kind, name(), name);
        return open < 0 || open == text.length() - 2
                ? found
                : with(found, text, split(text.substring(open + 1, text.length() - 1)));
    }

    private P with(P part, String text, List<String> assignments) {
        Settings settings = part.settings();
        Set<String> given = new HashSet<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            String name = assignment.substring(0, Math.max(0, equals)).strip();
            if (equals < 0 || !given.add(name)) {
                throw malformed(text);
            }
            try {
                settings = settings.with(name, assignment.substring(equals + 1).strip());
            } catch (IllegalArgumentException refused) {
                throw new IllegalArgumentException(name() + " is " + text + ": " + refused.getMessage(), refused);
            }
        }
        P changed = part.with(settings);
        if (!changed.settings().equals(settings)) {
            throw new IllegalStateException("part \"" + part.name() + "\" ignores " + settings
                    + ": its method with must return a part with these settings");
        }
        return changed;
    }

    private IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(name() + " is " + text + ", but the settings of a part must be given once"
                + " each, as in com.example.alibi(slope=8,bias=true)");
    }

    /** Splits at the commas outside of parentheses. */
    private static List<String> split(String text) {
        List<String> pieces = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                pieces.add(text.substring(start, i));
                start = i + 1;
            }
        }
        pieces.add(text.substring(start));
        return pieces;
    }

    @Override
    public String text(P part) {
        if (part.name().isEmpty()) {
            return "an unnamed " + kind.getSimpleName();
        }
        if (part.settings().list().isEmpty()) {
            return part.name();
        }
        StringJoiner values = new StringJoiner(",", part.name() + "(", ")");
        for (Setting<?> setting : part.settings().list()) {
            values.add(setting.name() + "=" + part.settings().text(setting));
        }
        return values.toString();
    }

    @Override
    boolean isStorable(P part) {
        if (known.contains(part)) {
            return true;
        }
        if (part.name().isEmpty()) {
            return false;
        }
        try {
            P found = parse(text(part));
            return found.getClass() == part.getClass() && same(found, part);
        } catch (IllegalArgumentException unknown) {
            return false;
        }
    }

    @Override
    void addOutside(P part, List<Named> parts) {
        if (!known.contains(part)) {
            parts.add(part);
            parts.addAll(part.settings().outsideParts());
        }
    }

    @Override
    P checked(Object value) {
        if (!kind.isInstance(value)) {
            throw refused(value);
        }
        P part = kind.cast(value);
        if (!known.contains(part) && !part.name().isEmpty() && !Providers.isDotted(part.name())) {
            throw new IllegalArgumentException(name() + " has a part of the class "
                    + part.getClass().getName() + " with the name \"" + part.name()
                    + "\", but the name must have words of letters, digits, _ and -, joined by dots, such as"
                    + " com.example.alibi; names without a dot are reserved");
        }
        return part;
    }

    @Override
    boolean same(P one, P other) {
        return one == other
                || !one.name().isEmpty()
                        && one.name().equals(other.name())
                        && one.version() == other.version()
                        && one.settings().equals(other.settings());
    }
}
