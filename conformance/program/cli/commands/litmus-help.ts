/** What `quiesce litmus --help` says below its options: the format, the orders, the engines, examples. */
export const HELP = `
A test begins with C and its name; then come initial values, threads and a condition:

  C MP+pooncerelease+poacquireonce
  {}
  P0(int *buf, int *flag) { WRITE_ONCE(*buf, 1); smp_store_release(flag, 1); }
  P1(int *buf, int *flag) { int r0; int r1; r0 = smp_load_acquire(flag); r1 = READ_ONCE(*buf); }
  exists (1:r0=1 /\\ 1:r1=0)

Threads may use READ_ONCE, WRITE_ONCE, plain accesses (*x, which the compiler may move, unless x is a
volatile int *), smp_mb, smp_rmb, smp_wmb, smp_store_release, smp_load_acquire, barrier, xchg, cmpxchg,
atomic_*, atomic64_* and atomic_long_*, spin_lock and spin_unlock, down_read, down_write and their like,
mutex_lock and mutex_unlock, rcu_read_lock, rcu_read_unlock, rcu_dereference, rcu_assign_pointer,
synchronize_rcu, the same for srcu with a parameter as the srcu_struct (sections of one srcu_struct must
nest), and smp_memb, which is membarrier(). RCU is this project's own: the algorithm number in
spec/rcu/read-side/ReadSideProtocol.tla, with membarrier. A condition may also compare places: 0:r0=1:r1,
x=[y]. As in herd, x=y says that x holds the address of y. There need be no condition.

Expressions have C's operators, with C's types: an int has 32 bits and wraps around, a long has 64, and
what is unsigned has no sign. The machine's numbers are TLC's, of 32 bits: a long from -2147483648 to
2147483647, an unsigned long there or as far below 2^64. A test with a larger one is refused with the place
or not decided, as are a division by zero and a shift by too much. A local without a type is a long.

if, else and loops are followed. A loop that ends by a number, for (int i = 0; i < 3; i++), is taken apart,
up to 64 rounds. One that only waits, while (READ_ONCE(*x) == 0) ; or while (cmpxchg(x, 0, 1) != 0) ;, is
one instruction: it stores nothing before its end, and keeps nothing from an earlier round. Other loops,
goto, arrays and fields of structs are refused with their place, and with what can be written instead.

The orders: sc; tso (x86); pso (stores may overtake stores); weak (ARMv8, RISC-V, and what compilers
do). Under each of them, a test is decided for all runs, not just for some.

Result: Never, Sometimes or Always says whether the condition's body holds at the end of no run, of
some, or of all. If a file has the comment "Result: Never" or "Result: Always", no order may break it.
"Result: Sometimes" is not enforced, since this machine has limits (spec/machine/Machine.tla): a store
reaches all other threads at the same time, so IRIW and WRC behave as on x86 and ARMv8, not as in the
kernel's model for POWER; compilers move accesses, but never tear, repeat, drop or invent them; xchg and
the like are one step, and a cmpxchg that fails orders nothing, not even on tso. Our synchronize_rcu
interrupts all threads, so it orders more than the kernel's must. spec/litmus/kernel-model.md lists each
limit with the tests of the kernel's collections that show it.

Two engines know this machine. The axioms (conformance/axioms) look at who may read from whom, and at what
must then come before what; they take milliseconds, and need no Java. The machine itself is run by TLC. With
--engine auto, the default, the axioms decide; what they refuse, or do not decide within 10 s (or --timeout,
if that is less), the machine does. --engine axioms or machine asks that one alone. With --engine both each
decides every test, and where they differ, or only one decides, the test is undecided: use it where much
hangs on a verdict. The limits above are those of both. --states and --memory concern the machine alone,
which also takes no more than 8 threads; the axioms take 64. Where they find more outcomes than anybody
reads (thousands, or fewer if each is hard to find), they only decide whether the condition can hold and
whether it can fail, and show an example of each: "examples" with --json.
With --explain, the axioms say why: an execution that ends so (for forall: that breaks it), or, where none
does, a circle of events that each must come before the next. Its edges are po (program order), rf (read
from), co (stored before), fr (read before that is stored), fence, dep, ctrl, acquire, release, membarrier,
rcu. Where circles of several kinds forbid it, the shortest of each is shown. --explain mermaid gives diagrams
instead, and --json has both. --explain svg=FOLDER also draws each of them, into NAME.ORDER.svg.

With --run, each test is made into a C program that runs it on this processor for many rounds, and each
outcome is compared with what the machine allows under this processor's order: tso on x86-64, weak on
arm64, riscv64 and ppc64 (which reorders more than the machine: there a violation may be a limit of the
machine). A forbidden outcome that is seen is "violated". One that is allowed need not be seen. A test whose program says
nothing for a minute because others have the processors is "undecided"; if they are idle, it is "hung". The C is
made from what was parsed, and nothing of the file is pasted into it. READ_ONCE is a volatile relaxed
load, smp_memb the system call membarrier(), RCU the library in native/; native/silicon/README.md has the
table. Without files, the tests of this repository are run. Ctrl-C ends it with what was seen so far.
With --mutants, each barrier is left out in turn: where the machine allows an outcome then that it forbids
the test, the mutant runs until that is seen, or --seconds are over. Some never is: where a test has more
threads than there are processors, or a compiler or C's function does more than it must.

Examples:
  quiesce litmus MP.litmus                           the test's outcomes under each order
  quiesce litmus --brief tools/memory-model/litmus-tests/*.litmus
  quiesce litmus --order tso,weak --json a.litmus b.litmus
  quiesce litmus SB+mbs.litmus --explain             and why an outcome is forbidden, or allowed
  quiesce litmus SB+mbs.litmus --explain svg=why     and as pictures
  quiesce litmus --engine both *.litmus              two engines, which must agree
  quiesce litmus --run --seconds 10 --cc clang SB.litmus   on this processor
  quiesce litmus --run --mutants SB+mbs.litmus       is what a barrier prevents seen without it?
  quiesce litmus --run --emit SB.c SB.litmus         a program that needs only cc -O2 -pthread

When it is interrupted (Ctrl-C), or --time-limit is over, the tests decided by then are reported, the others
as undecided.

Exit codes: 0 every test is decided; 1 a test breaks its own "Result:", or is too large to decide, or with --run
has a forbidden outcome, crashes or hangs, or a mutant is not seen; 2 usage error, or a file is refused (the
others are still decided); 3 Java, TLC's jar or a compiler is missing; 130 interrupted.`;
