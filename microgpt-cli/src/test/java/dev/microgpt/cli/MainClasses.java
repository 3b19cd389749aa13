package dev.microgpt.cli;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

/** The classes of the program, without those of its tests. */
final class MainClasses {
    private MainClasses() {}

    static JavaClasses read() {
        return new ClassFileImporter()
                .withImportOption(location -> location.contains("/dev/microgpt/cli/"))
                .importUrl(Main.class.getProtectionDomain().getCodeSource().getLocation());
    }
}
