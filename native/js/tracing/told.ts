import { type Line, Members } from "./lines.js";
import { type EventDescription, parseEvent } from "./model/event.js";
import type { Rule } from "./model/rule.js";

/** A process that can be traced. */
export interface TracedProcess {
  /** Of its file in the directory. */
  readonly name: string;
  readonly pid: number;
  readonly uid: number;
  readonly program: string;
  readonly alive: boolean;
  /** Buffers that its threads have used. */
  readonly rings: number;
  /** Events that found no room. */
  readonly lost: number;
  /** Tracepoints that can't be switched on, since a process may not have so many. */
  readonly silentEvents: number;
  readonly events: readonly TracedEvent[];
}

export interface TracedEvent extends EventDescription {
  /** Its module was unloaded. */
  readonly gone: boolean;
  readonly on: boolean;
}

/** What holds in a directory. */
export interface TraceStatus {
  readonly directory: string;
  readonly running: boolean;
  readonly generation: number;
  /** Whether the controller pays, by membarrier, for what would otherwise be a fence in each recorded event. */
  readonly global: boolean;
  /** The process that records; 0: none. */
  readonly recorder: number;
  readonly processes: number;
  readonly dead: number;
  readonly configs: number;
  /** False: whether a process lives is known from its number only. */
  readonly leases: boolean;
}

/** What a change did. */
export interface Applied {
  readonly processes: number;
  /** Tracepoints that were switched. */
  readonly words: number;
  readonly microseconds: number;
  readonly graceMicroseconds: number;
  /** Processes whose threads are still in sections; their old configurations stay until later. */
  readonly waiting: readonly { readonly pid: number; readonly program: string }[];
}

/** What a recorder has recorded. */
export interface Recorded {
  readonly events: number;
  readonly bytes: number;
  readonly lost: number;
  readonly processes: number;
}

export function processFrom(line: Line): TracedProcess {
  const members = Members.of(line["process"], "process");
  const events = members.list("events").flatMap((value) => {
    const event = Members.of(value, "event");
    const described = parseEvent(event.text("text"));
    return described === undefined
      ? []
      : [{ ...described, gone: event.bool("gone"), on: event.number("config") !== 0 }];
  });
  return {
    name: members.text("name"),
    pid: members.number("pid"),
    uid: members.number("uid"),
    program: members.text("program"),
    alive: members.bool("alive"),
    rings: members.number("rings"),
    lost: members.number("lost"),
    silentEvents: members.number("silent_events"),
    events,
  };
}

export function statusFrom(line: Line): TraceStatus {
  const members = Members.of(line["status"], "status");
  return {
    directory: members.text("directory"),
    running: members.bool("running"),
    generation: members.number("generation"),
    global: members.bool("global"),
    recorder: members.number("recorder"),
    processes: members.number("processes"),
    dead: members.number("dead"),
    configs: members.number("configs"),
    leases: members.bool("leases"),
  };
}

export function ruleFrom(line: Line): Rule {
  const members = Members.of(line["rule"], "rule");
  const filter = members.text("filter");
  return {
    program: members.text("program"),
    provider: members.text("provider"),
    name: members.text("name"),
    level: members.number("level"),
    pid: members.number("pid"),
    off: members.bool("off"),
    channel: members.number("channel"),
    sample: members.number("sample"),
    filter: filter === "-" ? undefined : filter,
  };
}

export function appliedFrom(line: Line): Applied {
  const members = Members.of(line["applied"], "applied");
  return {
    processes: members.number("processes"),
    words: members.number("words"),
    microseconds: members.number("microseconds"),
    graceMicroseconds: members.number("grace_microseconds"),
    waiting: members.list("waiting").map((value) => {
      const one = Members.of(value, "process that is waited for");
      return { pid: one.number("pid"), program: one.text("program") };
    }),
  };
}

export function recordedFrom(value: unknown): Recorded {
  const members = Members.of(value, "count of what was recorded");
  return {
    events: members.number("events"),
    bytes: members.number("bytes"),
    lost: members.number("lost"),
    processes: members.number("processes"),
  };
}
