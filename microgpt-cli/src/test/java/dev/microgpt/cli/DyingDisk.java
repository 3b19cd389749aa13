package dev.microgpt.cli;

import dev.microgpt.train.internal.disk.FileOperations;
import java.io.IOException;
import java.nio.file.Path;

/** The real disk, on which every operation fails from one on: what is there then is what a crash leaves. */
final class DyingDisk implements FileOperations {
    private final FileOperations real;
    private int left;

    DyingDisk(FileOperations real, int left) {
        this.real = real;
        this.left = left;
    }

    private void live() throws IOException {
        if (left-- <= 0) {
            throw new IOException("dead");
        }
    }

    @Override
    public NewFile create(Path file) throws IOException {
        live();
        return real.create(file);
    }

    @Override
    public void rename(Path file, Path target) throws IOException {
        live();
        real.rename(file, target);
    }

    @Override
    public void delete(Path file) throws IOException {
        live();
        real.delete(file);
    }

    @Override
    public void syncFolder(Path place) throws IOException {
        live();
        real.syncFolder(place);
    }
}
