package quiesce;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Passes on what is written, and counts it. */
final class Counted extends OutputStream {
  private final OutputStream out;
  private long count;

  Counted(OutputStream out) {
    this.out = new BufferedOutputStream(out, 8192);
  }

  /** Bytes written so far. */
  synchronized long count() {
    return count;
  }

  @Override
  public synchronized void write(int one) throws IOException {
    count++;
    out.write(one);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) throws IOException {
    count += length;
    out.write(bytes, from, length);
  }

  @Override
  public synchronized void flush() throws IOException {
    out.flush();
  }
}
