package quiesce;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import sun.misc.Unsafe;

/**
 * What static fields hold, and all that can be reached from them, as it was at one moment; and the way back. Objects are
 * restored in place. A static final field never refers to anything else, so compiled code that has it as a constant stays
 * right.
 */
final class Snapshot {
  private static final Unsafe UNSAFE = unsafe();

  /** What never changes, or has no meaning from one run to the next. Their fields are not looked at. */
  private static final String[] OPAQUE = {
    "java.lang.", "java.io.", "java.math.", "java.text.", "java.time.", "java.nio.", "java.util.regex.", "java.util.logging.",
    "java.util.Locale", "jdk.", "java.util.PropertyResourceBundle", "sun.misc.Unsafe", "java.util.concurrent.TimeUnit", "sun.nio.", "quiesce.",
  };
  /** What is looked into. */
  private static final String[] OPEN = {"tlc2.", "tla2sany.", "util.", "java.util."};

  private final Map<Class<?>, Layout> layouts = new HashMap<>();
  private final List<Saved> saved = new ArrayList<>();

  Snapshot(List<Class<?>> classes) {
    ArrayDeque<Object> next = new ArrayDeque<>();
    IdentityHashMap<Object, Object> seen = new IdentityHashMap<>();
    for (Class<?> one : classes) {
      List<Field> fields = new ArrayList<>();
      for (Field field : one.getDeclaredFields()) if (Modifier.isStatic(field.getModifiers())) fields.add(field);
      if (fields.isEmpty()) continue;
      Layout layout = new Layout(fields, true);
      save(new Fields(UNSAFE.staticFieldBase(fields.get(0)), layout), next, seen);
    }
    for (Object object = next.poll(); object != null; object = next.poll()) {
      Class<?> type = object.getClass();
      if (type.isArray()) {
        if (type.getComponentType().isPrimitive()) saved.add(new Primitives(object));
        else {
          References array = new References((Object[]) object);
          saved.add(array);
          for (Object element : array.copy) visit(element, next, seen);
        }
      } else save(new Fields(object, layouts.computeIfAbsent(type, Snapshot::layoutOf)), next, seen);
    }
  }

  /** Puts everything back. */
  void restore() {
    for (Saved one : saved) one.restore();
  }

  private void save(Fields fields, ArrayDeque<Object> next, IdentityHashMap<Object, Object> seen) {
    if (fields.layout.isEmpty()) return;
    saved.add(fields);
    for (Object reference : fields.references) visit(reference, next, seen);
  }

  private static void visit(Object object, ArrayDeque<Object> next, IdentityHashMap<Object, Object> seen) {
    if (object == null || isOpaque(object.getClass())) return;
    if (seen.put(object, object) == null) next.add(object);
  }

  private static boolean isOpaque(Class<?> type) {
    if (type.isArray()) return false;
    String name = type.getName();
    if (startsWith(name, OPAQUE)) return true;
    if (name.indexOf('/') >= 0) {
      // A lambda expression. One that captures nothing has no state.
      if (type.getDeclaredFields().length == 0) return true;
    } else if (startsWith(name, OPEN)) return false;
    // Better none than one that may be wrong.
    throw new IllegalStateException("cannot restore a " + name);
  }

  private static boolean startsWith(String name, String[] beginnings) {
    for (String beginning : beginnings) if (name.startsWith(beginning)) return true;
    return false;
  }

  private static Layout layoutOf(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> one = type; one != null; one = one.getSuperclass()) {
      for (Field field : one.getDeclaredFields()) if (!Modifier.isStatic(field.getModifiers())) fields.add(field);
    }
    return new Layout(fields, false);
  }

  static Unsafe unsafe() {
    try {
      Field field = Unsafe.class.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return (Unsafe) field.get(null);
    } catch (ReflectiveOperationException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private interface Saved {
    void restore();
  }

  /** Where the fields of a class are. */
  private static final class Layout {
    final long[] references;
    final long[] primitives;
    /** The type of each primitive field. */
    final Class<?>[] types;

    Layout(List<Field> fields, boolean ofClass) {
      List<Long> references = new ArrayList<>();
      List<Long> primitives = new ArrayList<>();
      List<Class<?>> types = new ArrayList<>();
      for (Field field : fields) {
        long offset = ofClass ? UNSAFE.staticFieldOffset(field) : UNSAFE.objectFieldOffset(field);
        if (!field.getType().isPrimitive()) references.add(offset);
        // A final one has always the same value.
        else if (!ofClass || !Modifier.isFinal(field.getModifiers())) {
          primitives.add(offset);
          types.add(field.getType());
        }
      }
      this.references = references.stream().mapToLong(Long::longValue).toArray();
      this.primitives = primitives.stream().mapToLong(Long::longValue).toArray();
      this.types = types.toArray(new Class<?>[0]);
    }

    boolean isEmpty() {
      return references.length == 0 && primitives.length == 0;
    }
  }

  /** The fields of an object, or the static ones of a class. */
  private static final class Fields implements Saved {
    final Object object;
    final Layout layout;
    final Object[] references;
    final long[] primitives;

    Fields(Object object, Layout layout) {
      this.object = object;
      this.layout = layout;
      references = new Object[layout.references.length];
      primitives = new long[layout.primitives.length];
      for (int i = 0; i < references.length; i++) references[i] = UNSAFE.getObject(object, layout.references[i]);
      for (int i = 0; i < primitives.length; i++) primitives[i] = get(i);
    }

    @Override
    public void restore() {
      for (int i = 0; i < references.length; i++) {
        long offset = layout.references[i];
        if (UNSAFE.getObject(object, offset) != references[i]) UNSAFE.putObject(object, offset, references[i]);
      }
      for (int i = 0; i < primitives.length; i++) if (get(i) != primitives[i]) put(i);
    }

    private long get(int i) {
      long offset = layout.primitives[i];
      Class<?> type = layout.types[i];
      if (type == int.class || type == float.class) return UNSAFE.getInt(object, offset);
      if (type == long.class || type == double.class) return UNSAFE.getLong(object, offset);
      if (type == boolean.class || type == byte.class) return UNSAFE.getByte(object, offset);
      return UNSAFE.getShort(object, offset);
    }

    private void put(int i) {
      long offset = layout.primitives[i];
      Class<?> type = layout.types[i];
      if (type == int.class || type == float.class) UNSAFE.putInt(object, offset, (int) primitives[i]);
      else if (type == long.class || type == double.class) UNSAFE.putLong(object, offset, primitives[i]);
      else if (type == boolean.class || type == byte.class) UNSAFE.putByte(object, offset, (byte) primitives[i]);
      else UNSAFE.putShort(object, offset, (short) primitives[i]);
    }
  }

  private static final class References implements Saved {
    private final Object[] array;
    final Object[] copy;

    References(Object[] array) {
      this.array = array;
      copy = java.util.Arrays.copyOf(array, array.length, Object[].class);
    }

    @Override
    public void restore() {
      System.arraycopy(copy, 0, array, 0, copy.length);
    }
  }

  private static final class Primitives implements Saved {
    private final Object array;
    private final Object copy;

    Primitives(Object array) {
      this.array = array;
      int length = Array.getLength(array);
      copy = Array.newInstance(array.getClass().getComponentType(), length);
      System.arraycopy(array, 0, copy, 0, length);
    }

    @Override
    public void restore() {
      System.arraycopy(copy, 0, array, 0, Array.getLength(copy));
    }
  }
}
