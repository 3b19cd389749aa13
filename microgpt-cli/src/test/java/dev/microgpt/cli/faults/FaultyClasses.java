package dev.microgpt.cli.faults;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Map;

/** Loads the project's classes again, some of them replaced; all other classes are shared. */
final class FaultyClasses extends URLClassLoader {
    private final Map<String, byte[]> faulty;

    /**
     * Loads from folders, but some classes from memory.
     *
     * @param folders the project's compiled classes and tests
     * @param faulty  classes by their names, which count before those in the folders
     */
    FaultyClasses(URL[] folders, Map<String, byte[]> faulty) {
        super("faulty", folders, FaultyClasses.class.getClassLoader());
        this.faulty = faulty;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("dev.microgpt.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = faulty.get(name);
        return bytes == null ? super.findClass(name) : defineClass(name, bytes, 0, bytes.length);
    }

    @Override
    public URL getResource(String name) {
        URL own = findResource(name);
        return own == null ? super.getResource(name) : own;
    }

    @Override
    public InputStream getResourceAsStream(String name) {
        String type = name.endsWith(".class") ? name.replace(".class", "").replace('/', '.') : "";
        byte[] bytes = faulty.get(type);
        return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
    }
}
