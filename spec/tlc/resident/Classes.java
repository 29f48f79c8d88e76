package quiesce;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The classes of TLC whose static fields a run may change. */
final class Classes {
  /** Nothing that checks a model on one machine needs these. */
  private static final String[] NOT_NEEDED = {"tlc2.tool.distributed.", "util.MailSender"};
  private static final String[] PACKAGES = {"tlc2/", "tla2sany/", "util/"};

  private final List<Class<?>> initialised = new ArrayList<>();
  private final List<String> others = new ArrayList<>();
  private final Method find;

  /**
   * Initialises all that a run may need, since what the snapshot does not know it can't restore. With `coverage`, TLC's
   * classes are initialised as under its option -coverage.
   */
  Classes(String jar, boolean coverage) throws Exception {
    tlc2.TLCGlobals.coverageInterval = coverage ? 1 : -1;
    ClassLoader loader = Classes.class.getClassLoader();
    try (JarFile file = new JarFile(jar)) {
      for (JarEntry entry : Collections.list(file.entries())) {
        String path = entry.getName();
        if (!path.endsWith(".class") || !startsWith(path, PACKAGES)) continue;
        String name = path.substring(0, path.length() - ".class".length()).replace('/', '.');
        if (startsWith(name, NOT_NEEDED)) {
          others.add(name);
          continue;
        }
        try {
          initialised.add(Class.forName(name, true, loader));
        } catch (LinkageError missing) {
          // It needs a library that is not in the jar.
          others.add(name);
        }
      }
    }
    find = ClassLoader.class.getDeclaredMethod("findLoadedClass", String.class);
    find.setAccessible(true);
    // Those that came along.
    for (String name = newcomer(); name != null; name = newcomer()) {
      initialised.add(Class.forName(name, true, loader));
      others.remove(name);
    }
    tlc2.TLCGlobals.coverageInterval = -1;
  }

  List<Class<?>> initialised() {
    return initialised;
  }

  /** A class of TLC that has come since, whose static fields nobody can restore; or null. */
  String newcomer() throws ReflectiveOperationException {
    for (String name : others) {
      Class<?> found = (Class<?>) find.invoke(Classes.class.getClassLoader(), name);
      if (found != null && hasState(found)) return name;
    }
    return null;
  }

  private static boolean hasState(Class<?> type) {
    for (Field field : type.getDeclaredFields()) {
      int modifiers = field.getModifiers();
      boolean constant = Modifier.isFinal(modifiers) && (field.getType().isPrimitive() || field.getType() == String.class);
      if (Modifier.isStatic(modifiers) && !constant) return true;
    }
    return false;
  }

  private static boolean startsWith(String name, String[] beginnings) {
    for (String beginning : beginnings) if (name.startsWith(beginning)) return true;
    return false;
  }
}
