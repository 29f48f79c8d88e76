import { Events, type RecordedEvent, type Recording } from "../record/recording.js";

/** A recording from its lanes' events. */
export function recordingOf(lanes: Readonly<Record<string, readonly RecordedEvent[]>>, name = ""): Recording {
  return {
    ...{ name, ticksPerSecond: 1_000_000_000, drain: 0, hung: false, lost: 0, made: {} },
    lanes: Object.entries(lanes).map(([lane, list]) => {
      const events = new Events();
      for (const event of list) events.push(event);
      return { name: lane, missing: 0, events };
    }),
  };
}
