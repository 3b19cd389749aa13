package dev.microgpt.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
    ARABIC("ar_EG.UTF-8", "-Duser.language=ar", "-Duser.country=EG", "-Duser.extensions=u-nu-arab"),
    /** Messages of the system in another language, where {@link TranslatedLocale} has them. */
    TRANSLATED("");

    private final String name;
    private final List<String> flags;

    CatalogueLocale(String name, String... flags) {
        this.name = name;
        this.flags = List.of(flags);
    }

    /** Returns the locales that this system can have. */
    static CatalogueLocale[] here() {
        List<CatalogueLocale> here = new ArrayList<>(List.of(values()));
        if (!TranslatedLocale.isHere()) {
            here.remove(TRANSLATED);
        }
        return here.toArray(new CatalogueLocale[0]);
    }

    /** The variables of the environment. */
    Map<String, String> environment() {
        return this == TRANSLATED ? TranslatedLocale.environment() : Map.of("LC_ALL", name);
    }

    /** What to tell the JVM. */
    List<String> flags() {
        return flags;
    }
}
