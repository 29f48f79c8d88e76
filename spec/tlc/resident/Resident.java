package quiesce;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Runs TLC many times in one process, each time as if the process had just started. What a run changes in TLC's static
 * fields, and in what they refer to, is put back before the next one; so the classes stay, and with them the code that
 * Java has compiled.
 *
 * A line of standard input asks for a run: a word that nobody else knows, the library path, and TLC's arguments, each
 * percent-encoded. TLC's output follows on standard output, then a line with the word, TLC's exit status, and how many
 * bytes the run wrote to the error output. The last word of that line is "clean", or what the run has left behind: then
 * this process must not be used again. It ends with its input.
 */
public final class Resident {
  /** Heap that a process may keep between two runs, in bytes. */
  private static final long KEPT = 192L << 20;

  private Resident() {}

  /**
   * Arguments: the jar; then words. "coverage": the runs are to count actions, which TLC keeps in final fields. "once": there
   * is only one run, so nothing has to be put back. It saves the third of a second that Java takes to end after TLC's main
   * method: the caller has the exit status, and kills this process.
   */
  public static void main(String[] arguments) throws Exception {
    // TLC keeps the streams that it finds when it starts.
    Counted output = new Counted(System.out);
    Counted errors = new Counted(System.err);
    PrintStream out = new PrintStream(output, true, "UTF-8");
    PrintStream err = new PrintStream(errors, true, "UTF-8");
    System.setOut(out);
    System.setErr(err);
    // TLCSet("pause", TRUE) reads a key: of a run, not of the requests.
    InputStream input = System.in;
    InputStream nothing = new ByteArrayInputStream(new byte[0]);
    System.setIn(nothing);
    List<String> words = Arrays.asList(arguments);
    boolean once = words.contains("once");
    Classes classes = once ? null : new Classes(arguments[0], words.contains("coverage"));
    Snapshot snapshot = once ? null : new Snapshot(classes.initialised());
    Start start = once ? null : new Start();
    Properties properties = (Properties) System.getProperties().clone();
    BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    // Without this thread nobody answers; the one that reads would keep the process.
    Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> Runtime.getRuntime().halt(1));
    new Thread(() -> read(input, requests)).start();
    while (true) {
      String line = requests.take();
      String[] request = line.split(" ");
      for (int i = 0; i < request.length; i++) request[i] = URLDecoder.decode(request[i], "UTF-8");
      System.setProperties((Properties) properties.clone());
      System.setProperty("TLA-Library", request[1]);
      if (!once) start.mark();
      Run run = new Run(Arrays.copyOfRange(request, 2, request.length));
      long before = errors.count();
      // A thread of its own has no thread-local values of an earlier run. Its stack is as large as that of main.
      ThreadGroup threads = new ThreadGroup("run");
      Thread thread = new Thread(threads, run, "main", 0);
      thread.start();
      thread.join();
      // A module's own Java class may have put others in their place.
      System.out.flush();
      System.err.flush();
      System.setOut(out);
      System.setErr(err);
      System.setIn(nothing);
      out.flush();
      err.flush();
      long written = errors.count() - before;
      String left = once ? "once" : Leftovers.clear(classes, threads);
      if (!once) snapshot.restore();
      // On a line of its own, whatever the run has written.
      out.print("\n" + request[0] + " " + run.status + " " + written + " " + left + "\n");
      out.flush();
      // A process that waits is not to keep what a large run needed.
      if (Runtime.getRuntime().totalMemory() > KEPT) System.gc();
    }
  }

  /** Passes requests on; ends the process, also in the middle of a run, when nobody is left who could make one. */
  private static void read(InputStream input, BlockingQueue<String> requests) {
    try {
      BufferedReader reader = new BufferedReader(new InputStreamReader(input, StandardCharsets.US_ASCII));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) requests.add(line);
    } catch (IOException failed) {
      // As good as its end.
    }
    Runtime.getRuntime().halt(0);
  }

  /** What the main method of TLC does, but for ending the process. */
  private static final class Run implements Runnable {
    private final String[] arguments;
    /** TLC's exit status; -1 when something was thrown that TLC does not catch. */
    volatile int status = -1;

    Run(String[] arguments) {
      this.arguments = arguments;
    }

    @Override
    public void run() {
      try {
        status = runTlc(arguments);
      } catch (Throwable thrown) {
        // The caller runs TLC on its own, and shows what that says.
        status = -1;
      }
    }
  }

  private static int runTlc(String[] arguments) throws Exception {
    tlc2.TLC tlc = new tlc2.TLC();
    if (!tlc.handleParameters(arguments) || !checkEnvironment(tlc)) return 1;
    // The module is given by its name alone.
    tlc.setResolver(new util.SimpleFilenameToStream());
    return tlc2.output.EC.ExitStatus.errorConstantToExitStatus(tlc.process());
  }

  private static boolean checkEnvironment(tlc2.TLC tlc) throws Exception {
    Method method = tlc2.TLC.class.getDeclaredMethod("checkEnvironment");
    method.setAccessible(true);
    return (Boolean) method.invoke(tlc);
  }
}
