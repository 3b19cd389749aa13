package dev.microgpt.cli;

import dev.microgpt.autograd.Kernels;

/** What {@code --version} prints. */
final class Version {
    private Version() {}

    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return "microgpt " + (version == null ? "(not from its jar)" : version) + ", "
                + Kernels.active().description() + " kernels, Java " + Runtime.version();
    }
}
