/** The updater fills the one that is not published. */
export const CELLS = 2;

/** A state of spec/rcu/number-steps/Urcu.tla, by hand: enough to make plans for the driver's own tests. Real plans come from TLC's graph. */
export interface State {
  gp: number;
  waiting: number;
  head: number;
  cell: number[];
  announced: number[];
  owner: number[];
  slot: number[];
  held: number[];
  number: number[];
  depth: number[];
  scanned: number;
  pc: string[];
}

export interface Size {
  readonly readers: number;
  readonly nesting: number;
  readonly updates: number;
}

export interface Move {
  readonly thread: number;
  readonly step: string;
  readonly act: (s: State) => void;
}

export function initial({ readers }: Size): State {
  const per = (value: number): number[] => Array.from({ length: readers + 1 }, () => value);
  return {
    gp: 1,
    waiting: 0,
    head: 0,
    cell: [1, 0],
    announced: per(0),
    owner: per(0),
    slot: per(0),
    held: per(-1),
    number: per(0),
    depth: per(0),
    scanned: 0,
    pc: ["Initialise", ...Array.from({ length: readers }, () => "Idle")],
  };
}

const at = (values: readonly number[], index: number): number => values[index] ?? 0;

function readerMoves(s: State, r: number, { readers, nesting }: Size): Move[] {
  const move = (step: string, act: (s: State) => void): Move => ({ thread: r, step, act });
  const slot = at(s.slot, r);
  switch (s.pc[r]) {
    case "Announce":
      return [
        move("Announce", (t) => {
          t.announced[slot] = at(t.number, r);
          t.depth[r] = 1;
          t.pc[r] = "Idle";
        }),
      ];
    case "LoadWaiting":
      return [
        move("LoadWaiting", (t) => {
          t.pc[r] = t.waiting === 0 ? "Idle" : "ClearWaiting";
        }),
      ];
    case "ClearWaiting":
      return [
        move("ClearWaiting", (t) => {
          t.waiting = 0;
          t.pc[r] = "Wake";
        }),
      ];
    case "Wake":
      return [
        move("Wake", (t) => {
          t.pc[r] = "Idle";
          if (t.pc[0] === "Asleep") t.pc[0] = "Awake";
        }),
      ];
    default:
  }
  if (slot === 0) {
    return [
      move("Register", (t) => {
        let lowest = 1;
        while (lowest < readers && at(t.owner, lowest) !== 0) lowest++;
        t.owner[lowest] = r;
        t.slot[r] = lowest;
      }),
    ];
  }
  const depth = at(s.depth, r);
  const moves: Move[] = [];
  if (depth === 0) {
    moves.push(
      move("Unregister", (t) => {
        t.owner[slot] = 0;
        t.slot[r] = 0;
      }),
      move("LoadGp", (t) => {
        t.number[r] = t.gp;
        t.pc[r] = "Announce";
      }),
    );
  }
  if (depth > 0 && depth < nesting) {
    moves.push(
      move("LockNested", (t) => {
        t.depth[r] = depth + 1;
      }),
    );
  }
  if (depth > 1) {
    moves.push(
      move("UnlockNested", (t) => {
        t.depth[r] = depth - 1;
      }),
    );
  }
  if (depth === 1) {
    moves.push(
      move("Unlock", (t) => {
        t.announced[slot] = 0;
        t.depth[r] = 0;
        t.held[r] = -1;
        t.pc[r] = "LoadWaiting";
      }),
    );
  }
  if (depth > 0 && s.held[r] === -1) {
    moves.push(
      move("Dereference", (t) => {
        t.held[r] = t.head;
      }),
    );
  }
  if (s.held[r] !== -1) moves.push(move("Use", () => {}));
  return moves;
}

function updaterMoves(s: State, { readers, updates }: Size): Move[] {
  const quiescent = (t: State): boolean =>
    at(t.announced, t.scanned) === 0 || at(t.announced, t.scanned) >= t.gp;
  const advance = (t: State): void => {
    t.pc[0] = t.scanned < readers ? "Scan" : "Free";
    t.scanned = t.scanned < readers ? t.scanned + 1 : 0;
  };
  const goto =
    (step: string, act: (t: State) => void = () => {}) =>
    (t: State) => {
      act(t);
      t.pc[0] = step;
    };
  const acts: Record<string, (t: State) => void> = {
    Initialise: goto("Publish", (t) => {
      t.cell[1 - t.head] = 1;
    }),
    Publish: goto("Membarrier", (t) => {
      t.head = 1 - t.head;
    }),
    Membarrier: goto("Raise"),
    Raise: goto("Scan", (t) => {
      t.gp++;
      t.scanned = 1;
    }),
    Scan: (t) => (quiescent(t) ? advance(t) : goto("SetWaiting")(t)),
    SetWaiting: goto("MembarrierWaiting", (t) => {
      t.waiting = 1;
    }),
    MembarrierWaiting: goto("Rescan"),
    Rescan: (t) => goto(quiescent(t) ? "StopWaiting" : "Sleep")(t),
    StopWaiting: (t) => {
      t.waiting = 0;
      advance(t);
    },
    Sleep: (t) => goto(t.waiting === 1 ? "Asleep" : "SetWaiting")(t),
    Awake: goto("SetWaiting"),
    Free: (t) => {
      t.cell[1 - t.head] = 2;
      t.pc[0] = t.gp <= updates ? "Initialise" : "Done";
    },
  };
  const step = s.pc[0] ?? "";
  const act = acts[step];
  return act ? [{ thread: 0, step, act }] : [];
}

/** The moves that are possible in a state. */
export function movesOf(s: State, size: Size): Move[] {
  const readers = Array.from({ length: size.readers }, (_, i) => i + 1);
  return [...updaterMoves(s, size), ...readers.flatMap((r) => readerMoves(s, r, size))];
}
