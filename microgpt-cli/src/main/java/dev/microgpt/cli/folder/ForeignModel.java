package dev.microgpt.cli.folder;

import dev.microgpt.cli.terminal.Format;
import dev.microgpt.train.huggingface.Gpt2Folder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Recognizes a model of Hugging Face's transformers where a checkpoint is expected. */
final class ForeignModel {
    private ForeignModel() {}

    /** Returns the hint with the command that imports a model; null if the path is not its folder or a file in it. */
    static @Nullable String importHint(Path fileOrFolder) {
        Path absolute = fileOrFolder.toAbsolutePath().normalize();
        boolean isFolder = Files.isDirectory(absolute);
        Path folder = isFolder ? absolute : absolute.getParent();
        if (folder == null || folder.getFileName() == null || !Gpt2Folder.isIn(folder)) {
            return null;
        }
        Path parent = fileOrFolder.getParent();
        Path given = isFolder ? fileOrFolder : parent == null ? Path.of(".") : parent;
        String out = folder.getFileName() + ".safetensors";
        return "import this model of Hugging Face's transformers first: microgpt import gpt2 "
                + Format.quotedForShell(given.toString()) + " --out " + Format.quotedForShell(out);
    }
}
