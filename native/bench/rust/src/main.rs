// SPDX-License-Identifier: MIT
//! What a Rust programmer would take instead: crossbeam-epoch and seize. Their read pair, several readers at once, and
//! deferred freeing, measured as the C programs beside this folder do; so the options and the results are theirs.
//!
//!     quiesce-bench crossbeam-epoch|seize read_pair|readers|deferral [name=value...]

use std::env;
use std::hint::black_box;
use std::process::exit;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const PAIRS: u32 = 1000;
const LOOPS: u32 = 50;

/// Where a library protects what a pointer leads to.
trait Side: Sync {
    /// Read pairs in a loop, by a thread that has its reader.
    fn pairs(&self, pairs: u32);
    /// Defers so many objects; each adds one to the counter when it is freed.
    fn defer(&self, objects: u64, freed: &'static AtomicU64);
    /// Does what a program can to have everything freed soon.
    fn push(&self);
}

struct Counted(&'static AtomicU64);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

struct Crossbeam {
    pointer: crossbeam_epoch::Atomic<u64>,
}

impl Side for Crossbeam {
    #[inline(never)]
    fn pairs(&self, pairs: u32) {
        thread_local!(static HANDLE: crossbeam_epoch::LocalHandle = crossbeam_epoch::default_collector().register());
        HANDLE.with(|handle| {
            let mut sum = 0;
            for _ in 0..pairs {
                let guard = handle.pin();
                let shared = self.pointer.load(Ordering::Acquire, &guard);
                sum += unsafe { *shared.deref() };
            }
            black_box(sum);
        });
    }

    fn defer(&self, objects: u64, freed: &'static AtomicU64) {
        for _ in 0..objects {
            let guard = crossbeam_epoch::pin();
            let object = crossbeam_epoch::Owned::new(Counted(freed)).into_shared(&guard);
            unsafe { guard.defer_destroy(object) };
        }
    }

    fn push(&self) {
        crossbeam_epoch::pin().flush();
    }
}

struct Seize {
    collector: seize::Collector,
    pointer: AtomicPtr<u64>,
}

impl Side for Seize {
    #[inline(never)]
    fn pairs(&self, pairs: u32) {
        use seize::Guard;
        let mut sum = 0;
        for _ in 0..pairs {
            let guard = self.collector.enter();
            sum += unsafe { *guard.protect(&self.pointer, Ordering::Acquire) };
        }
        black_box(sum);
    }

    fn defer(&self, objects: u64, freed: &'static AtomicU64) {
        for _ in 0..objects {
            let object = Box::into_raw(Box::new(Counted(freed)));
            unsafe { self.collector.retire(object, seize::reclaim::boxed) };
        }
    }

    fn push(&self) {
        use seize::Guard;
        self.collector.enter().flush();
    }
}

fn option(name: &str, otherwise: f64) -> f64 {
    env::args()
        .skip(3)
        .find_map(|word| word.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
        .unwrap_or(otherwise)
}

/// Pins the thread to the processor of that rank among those that may be used, counted around them.
fn pin(allowed: &libc::cpu_set_t, rank: usize) {
    unsafe {
        let usable: Vec<usize> = (0..libc::CPU_SETSIZE as usize)
            .filter(|&cpu| libc::CPU_ISSET(cpu, allowed))
            .collect();
        let mut one: libc::cpu_set_t = std::mem::zeroed();
        libc::CPU_SET(usable[rank % usable.len()], &mut one);
        libc::sched_setaffinity(0, std::mem::size_of_val(&one), &one);
    }
}

fn allowed() -> libc::cpu_set_t {
    unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        libc::sched_getaffinity(0, std::mem::size_of_val(&set), &mut set);
        set
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    (numbers[(numbers.len() - 1) / 2] + numbers[numbers.len() / 2]) / 2.0
}

fn read_pair(side: &dyn Side) {
    let sample = || {
        let start = Instant::now();
        for _ in 0..LOOPS {
            side.pairs(PAIRS);
        }
        start.elapsed().as_nanos() as f64 / f64::from(PAIRS * LOOPS)
    };
    pin(&allowed(), 1);
    let ms = option("ms", 50.0);
    let start = Instant::now();
    let mut samples = Vec::new();
    while start.elapsed().as_secs_f64() * 1e3 < ms {
        let ns = sample();
        if start.elapsed().as_secs_f64() * 1e3 > ms / 5.0 {
            samples.push(ns);
        }
    }
    if samples.is_empty() {
        samples.push(sample());
    }
    println!("{{\"ns\": {}}}", median(samples));
}

fn readers(side: &dyn Side) {
    let set = allowed();
    let (go, stop) = (AtomicBool::new(false), AtomicBool::new(false));
    let sum = AtomicU64::new(0);
    let mut took = Duration::ZERO;
    thread::scope(|scope| {
        for rank in 0..option("readers", 2.0) as usize {
            let (set, go, stop, sum) = (&set, &go, &stop, &sum);
            scope.spawn(move || {
                pin(set, rank);
                let mut pairs = 0;
                while !go.load(Ordering::Acquire) {
                    thread::sleep(Duration::from_micros(100));
                }
                while !stop.load(Ordering::Acquire) {
                    side.pairs(PAIRS);
                    pairs += u64::from(PAIRS);
                }
                sum.fetch_add(pairs, Ordering::Relaxed);
            });
        }
        let start = Instant::now();
        go.store(true, Ordering::Release);
        thread::sleep(Duration::from_secs_f64(option("ms", 100.0) / 1e3));
        stop.store(true, Ordering::Release);
        took = start.elapsed();
    });
    println!(
        "{{\"pairs_us\": {}}}",
        sum.into_inner() as f64 / (took.as_nanos() as f64 / 1e3)
    );
}

fn deferral(side: &dyn Side) {
    static FREED: AtomicU64 = AtomicU64::new(0);
    let objects = option("objects", 1_000_000.0) as u64;
    let end = Instant::now() + Duration::from_secs_f64(option("ms", 100.0) / 1e3);
    let (mut enqueue, mut freed) = (Vec::new(), Vec::new());
    let mut round = 0;
    while round == 0 || Instant::now() < end {
        round += 1;
        let start = Instant::now();
        side.defer(objects, &FREED);
        enqueue.push(start.elapsed().as_nanos() as f64 / objects as f64);
        // Neither promises to free the last ones; these are counted, so that none is left out.
        for _ in 0..1_000_000 {
            if FREED.load(Ordering::Relaxed) >= round * objects {
                break;
            }
            side.push();
        }
        freed.push(start.elapsed().as_nanos() as f64 / objects as f64);
        if FREED.load(Ordering::Relaxed) < round * objects {
            eprintln!("not everything was freed");
            exit(3);
        }
    }
    println!(
        "{{\"enqueue_ns\": {}, \"freed_ns\": {}}}",
        median(enqueue),
        median(freed)
    );
}

fn main() {
    let words: Vec<String> = env::args().collect();
    let name = |at: usize| words.get(at).map_or("", String::as_str);
    unsafe { libc::alarm(option("limit", 60.0) as u32) };
    let side: Box<dyn Side> = match name(1) {
        "crossbeam-epoch" => Box::new(Crossbeam {
            pointer: crossbeam_epoch::Atomic::new(1),
        }),
        "seize" => Box::new(Seize {
            collector: seize::Collector::new(),
            pointer: AtomicPtr::new(Box::into_raw(Box::new(1))),
        }),
        other => {
            eprintln!("crossbeam-epoch or seize, not \"{other}\"");
            exit(2);
        }
    };
    match name(2) {
        "read_pair" => read_pair(side.as_ref()),
        "readers" => readers(side.as_ref()),
        "deferral" => deferral(side.as_ref()),
        other => {
            eprintln!("read_pair, readers or deferral, not \"{other}\"");
            exit(2);
        }
    }
}
