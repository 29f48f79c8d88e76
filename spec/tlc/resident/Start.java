package quiesce;

import java.lang.reflect.Field;
import sun.misc.Unsafe;

/** When a run has started: TLC takes it for the time at which its process did. */
final class Start {
  private final Unsafe unsafe = Snapshot.unsafe();
  private final Field started;
  private final Field checkpoint;

  Start() throws ReflectiveOperationException {
    // It is final: what reads it must never be compiled (see resident-process.ts).
    started = tlc2.module.TLC.class.getDeclaredField("startTime");
    checkpoint = tlc2.TLCGlobals.class.getDeclaredField("lastChkpt");
  }

  /** It is now. */
  void mark() {
    long now = System.currentTimeMillis();
    for (Field field : new Field[] {started, checkpoint}) {
      unsafe.putLong(unsafe.staticFieldBase(field), unsafe.staticFieldOffset(field), now);
    }
  }
}
