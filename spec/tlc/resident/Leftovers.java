package quiesce;

import java.lang.reflect.Field;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ThreadPoolExecutor;
import sun.misc.Unsafe;

/** What a run leaves behind outside of Java's heap, where the end of its process would have cleared it away. */
final class Leftovers {
  private static final Unsafe UNSAFE = Snapshot.unsafe();
  /** How long a thread of TLC's may take to end, in milliseconds. */
  private static final int PATIENCE = 200;

  private Leftovers() {}

  /**
   * Clears what can be cleared. Says "clean", or what is left, in one word. Call it before the snapshot is restored, with
   * the group of all threads that the run has started.
   */
  static String clear(Classes classes, ThreadGroup threads) throws Exception {
    freeFingerprints(tlc2.TLCGlobals.mainChecker);
    String newcomer = classes.newcomer();
    if (newcomer != null) return "class:" + newcomer;
    for (int waited = 0; ; waited++) {
      Thread left = first(threads);
      if (left == null) return "clean";
      if (waited == 0) shutDown(left);
      if (waited >= PATIENCE) return "thread:" + left.getClass().getName();
      left.join(1);
    }
  }

  private static Thread first(ThreadGroup threads) {
    Thread[] all = new Thread[threads.activeCount() + 1];
    int count = threads.enumerate(all);
    for (int i = 0; i < count; i++) if (!isIdleHelper(all[i])) return all[i];
    return null;
  }

  /** Java's own helpers are started when they are first needed, and stay. */
  private static boolean isIdleHelper(Thread thread) {
    ForkJoinPool common = ForkJoinPool.commonPool();
    return thread instanceof ForkJoinWorkerThread
        && ((ForkJoinWorkerThread) thread).getPool() == common
        && common.isQuiescent();
  }

  /**
   * TLC prints the trace of a liveness property in a thread of a pool that it forgets, and which waits for more work until
   * Java ends. Where Java has its fields under other names, the thread stays, and the process is ended for it.
   */
  private static void shutDown(Thread thread) {
    Object worker = get(thread, "target");
    Object pool = worker == null ? null : get(worker, "this$0");
    if (pool instanceof ThreadPoolExecutor && ((ThreadPoolExecutor) pool).getActiveCount() == 0) {
      ((ThreadPoolExecutor) pool).shutdownNow();
    }
  }

  /** TLC's fingerprints are in memory that the garbage collector does not know. */
  private static void freeFingerprints(Object checker) {
    Object set = checker == null ? null : get(checker, "theFPSet");
    Object array = set == null ? null : get(set, "array");
    if (array == null) return;
    Field address = find(array, "baseAddress");
    UNSAFE.freeMemory(UNSAFE.getLong(array, UNSAFE.objectFieldOffset(address)));
  }

  /** What a field refers to; null when there is no such field. */
  private static Object get(Object object, String name) {
    Field field = find(object, name);
    return field == null ? null : UNSAFE.getObject(object, UNSAFE.objectFieldOffset(field));
  }

  private static Field find(Object object, String name) {
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) if (field.getName().equals(name)) return field;
    }
    return null;
  }
}
