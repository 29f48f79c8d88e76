/**
 * A state of spec/rcu/number-steps/Urcu.tla, by hand: enough to make plans for the driver's own tests. Real plans come
 * from TLC's graph. Threads are numbered as there, slots from 1.
 */
export interface State {
  gp: number;
  begun: number;
  ended: number;
  leader: number;
  doorbell: number;
  sleepers: number;
  registered: number;
  used: number;
  head: number;
  cell: number[];
  announced: number[];
  notice: number[];
  owner: number[];
  slot: number[];
  held: number[];
  number: number[];
  depth: number[];
  mine: number[];
  want: number[];
  bell: number[];
  left: number[];
  scanned: number;
  mark: number;
  late: number[];
  pc: string[];
}

export interface Size {
  readonly updaters: number;
  readonly readers: number;
  readonly nesting: number;
  readonly updates: number;
}

export interface Move {
  readonly thread: number;
  readonly step: string;
  readonly act: (s: State) => void;
}

const LIVE = 1;
const FREED = 2;
const NONE = -1;

export function cellsOf({ updaters }: Size): number {
  return updaters + 1;
}

export function initial(size: Size): State {
  const { updaters, readers, updates } = size;
  const threads = (value: number): number[] => Array.from({ length: updaters + readers }, () => value);
  const slots = (): number[] => Array.from({ length: readers + 1 }, () => 0);
  return {
    ...{ gp: 1, begun: 1, ended: 1, leader: 0, doorbell: 0, sleepers: 0, registered: 0, used: 0, head: 0 },
    cell: Array.from({ length: cellsOf(size) }, (_, c) => (c === 0 ? LIVE : 0)),
    ...{ announced: slots(), notice: slots(), owner: slots() },
    ...{ slot: threads(0), number: threads(0), depth: threads(0), held: threads(NONE) },
    ...{ mine: threads(NONE), want: threads(0), bell: threads(NONE), left: threads(updates) },
    ...{ scanned: 0, mark: 0, late: [] },
    pc: threads(0).map((_, t) => (t < updaters ? "Initialise" : "Idle")),
  };
}

const at = (values: readonly number[], index: number): number => values[index] ?? 0;
const pcOf = (s: State, thread: number): string => s.pc[thread] ?? "";

/** The steps of a reader that is in the middle of an operation. */
const READER: Record<string, (s: State, r: number) => string> = {
  RaiseUsed(s, r) {
    s.used = Math.max(s.used, at(s.slot, r));
    return "AddReader";
  },
  AddReader(s) {
    s.registered++;
    return "Idle";
  },
  RemoveReader(s) {
    s.registered--;
    return "Idle";
  },
  Announce(s, r) {
    s.announced[at(s.slot, r)] = at(s.number, r);
    s.depth[r] = 1;
    return "Idle";
  },
  LoadNotice: (s, r) => (at(s.notice, at(s.slot, r)) === 0 ? "Idle" : "TakeNotice"),
  TakeNotice(s, r) {
    s.notice[at(s.slot, r)] = 0;
    return "Wake";
  },
  Wake(s, r) {
    if (s.scanned === at(s.slot, r)) s.pc = s.pc.map((pc) => (pc === "Asleep" ? "Rescan" : pc));
    return "Idle";
  },
};

/** The steps with which an operation of a reader begins, and when it may. */
function readerMoves(s: State, r: number, { readers, nesting }: Size): Move[] {
  const inside = READER[pcOf(s, r)];
  if (inside !== undefined) {
    const act = (t: State): void => {
      const next = inside(t, r); // which may replace pc
      t.pc[r] = next;
    };
    return [{ thread: r, step: pcOf(s, r), act }];
  }
  const slot = at(s.slot, r);
  const depth = at(s.depth, r);
  const move = (step: string, may: boolean, act: (t: State) => void): Move[] =>
    may ? [{ thread: r, step, act }] : [];
  return [
    ...move("Register", slot === 0, (t) => {
      const free = t.owner.findIndex((owner, index) => index >= 1 && index <= readers && owner === 0);
      t.owner[free] = r;
      t.slot[r] = free;
      t.pc[r] = "RaiseUsed";
    }),
    ...move("Unregister", slot !== 0 && depth === 0, (t) => {
      t.owner[slot] = 0;
      t.slot[r] = 0;
      t.pc[r] = "RemoveReader";
    }),
    ...move("LoadGp", slot !== 0 && depth === 0, (t) => {
      t.number[r] = t.gp;
      t.pc[r] = "Announce";
    }),
    ...move("LockNested", depth > 0 && depth < nesting, (t) => {
      t.depth[r] = depth + 1;
    }),
    ...move("UnlockNested", depth > 1, (t) => {
      t.depth[r] = depth - 1;
    }),
    ...move("Unlock", depth === 1, (t) => {
      t.announced[slot] = 0;
      t.depth[r] = 0;
      t.held[r] = NONE;
      t.pc[r] = "LoadNotice";
    }),
    ...move("Dereference", depth > 0 && at(s.held, r) === NONE, (t) => {
      t.held[r] = t.head;
    }),
    ...move("Use", at(s.held, r) !== NONE, () => {}),
  ];
}

const quiescent = (s: State): boolean =>
  at(s.announced, s.scanned) === 0 || at(s.announced, s.scanned) >= s.gp;

/** To the first of these slots, or to the end of the grace period. */
function go(s: State, slots: readonly number[], step: string, otherwise: string): string {
  s.scanned = slots[0] ?? 0;
  return slots.length > 0 ? step : otherwise;
}

/** Each step of an updater changes the state and says where the updater goes. */
const UPDATER: Record<string, (s: State, u: number) => string> = {
  Initialise(s, u) {
    const cell = s.cell.findIndex((content) => content !== LIVE);
    s.cell[cell] = LIVE;
    s.mine[u] = cell;
    return "Publish";
  },
  Publish(s, u) {
    [s.head, s.mine[u]] = [at(s.mine, u), s.head];
    return "LoadRegistered";
  },
  LoadRegistered: (s) => (s.registered === 0 ? "Free" : "LoadBegun"),
  LoadBegun(s, u) {
    s.want[u] = s.begun + 1;
    return "LoadDoorbell";
  },
  LoadDoorbell(s, u) {
    s.bell[u] = s.doorbell;
    return "LoadEnded";
  },
  LoadEnded: (s, u) => (s.ended >= at(s.want, u) ? "Free" : "Lead"),
  Lead(s) {
    if (s.leader === 1) return "AddSleeper";
    s.leader = 1;
    return "LoadEndedAgain";
  },
  AddSleeper(s) {
    s.sleepers++;
    return "SleepAtDoorbell";
  },
  SleepAtDoorbell: (s, u) => (s.doorbell === s.bell[u] ? "AsleepAtDoorbell" : "RemoveSleeper"),
  RemoveSleeper(s) {
    s.sleepers--;
    return "LoadDoorbell";
  },
  LoadEndedAgain: (s, u) => (s.ended >= at(s.want, u) ? "StepDown" : "Begin"),
  Begin(s) {
    s.begun++;
    return "Membarrier";
  },
  Membarrier: () => "Raise",
  Raise(s) {
    s.gp = s.begun;
    return "LoadUsed";
  },
  LoadUsed(s) {
    s.mark = s.used;
    s.scanned = 1;
    return "Scan";
  },
  Scan(s) {
    if (!quiescent(s)) s.late = [...s.late, s.scanned];
    if (s.scanned++ < s.mark) return "Scan";
    return go(s, s.late, "SetNotice", "End");
  },
  SetNotice(s) {
    s.notice[s.scanned] = 1;
    const more = s.late.filter((slot) => slot > s.scanned);
    return more.length > 0 ? go(s, more, "SetNotice", "") : go(s, s.late, "MembarrierNotice", "");
  },
  MembarrierNotice: () => "Rescan",
  Rescan: (s) => (quiescent(s) ? "ClearNotice" : "Sleep"),
  ClearNotice(s) {
    s.notice[s.scanned] = 0;
    s.late = s.late.filter((slot) => slot !== s.scanned);
    return go(s, s.late, "Rescan", "End");
  },
  Sleep: (s) => (s.notice[s.scanned] === 1 ? "Asleep" : "SetNotice"),
  End(s) {
    s.ended = s.begun;
    return "StepDown";
  },
  StepDown(s) {
    s.leader = 0;
    return "Ring";
  },
  Ring(s) {
    s.doorbell++;
    return "LoadSleepers";
  },
  LoadSleepers: (s) => (s.sleepers === 0 ? "Free" : "WakeAll"),
  WakeAll(s) {
    s.pc = s.pc.map((pc) => (pc === "AsleepAtDoorbell" ? "RemoveSleeper" : pc));
    return "Free";
  },
  Free(s, u) {
    s.cell[at(s.mine, u)] = FREED;
    s.mine[u] = NONE;
    s.left[u] = at(s.left, u) - 1;
    return at(s.left, u) > 0 ? "Initialise" : "Done";
  },
};

function updaterMoves(s: State, u: number): Move[] {
  const step = pcOf(s, u);
  const act = UPDATER[step];
  if (act === undefined) return [];
  return [
    {
      thread: u,
      step,
      act: (t) => {
        const next = act(t, u); // which may replace pc
        t.pc[u] = next;
      },
    },
  ];
}

/** The moves that are possible in a state. */
export function movesOf(s: State, size: Size): Move[] {
  return s.pc.flatMap((_, t) => (t < size.updaters ? updaterMoves(s, t) : readerMoves(s, t, size)));
}
