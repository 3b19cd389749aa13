package dev.microgpt.cli;

import java.util.List;

/**
 * The locales that change most of what Java prints and reads, by the environment, and by properties where a system has
 * not installed them.
 */
enum CatalogueLocale {
    C("C"),
    /** Commas in fractions. */
    GERMAN("de_DE.UTF-8", "-Duser.language=de", "-Duser.country=DE"),
    /** An i without a dot. */
    TURKISH("tr_TR.UTF-8", "-Duser.language=tr", "-Duser.country=TR"),
    /** Other digits. */
    ARABIC("ar_EG.UTF-8", "-Duser.language=ar", "-Duser.country=EG", "-Duser.extensions=u-nu-arab");

    private final String name;
    private final List<String> flags;

    CatalogueLocale(String name, String... flags) {
        this.name = name;
        this.flags = List.of(flags);
    }

    /** The value of LC_ALL. */
    String environment() {
        return name;
    }

    /** What to tell the JVM. */
    List<String> flags() {
        return flags;
    }
}
