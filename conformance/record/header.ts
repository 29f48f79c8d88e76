import { BadInputError } from "../../spec/tlc/base/errors.js";
import { briefly, isPrintable } from "../base/printable.js";
import type { Recording, RecordingHead } from "./recording.js";

/** What a header begins with, in both formats. */
export const FORMAT = "quiesce-recording";
export const VERSION = 1;

/** A recording's header. */
export interface Header extends RecordingHead {
  readonly lanes: readonly HeaderLane[];
  /** Binary: the names that events refer to by their places. */
  readonly steps: readonly string[];
  readonly names: readonly string[];
}

interface HeaderLane {
  readonly name: string;
  readonly missing: number;
  /** Binary: how many follow. */
  readonly events?: number;
}

const HINT = "conformance/record/FORMAT.md describes the format.";

const LONGEST = 400;

/** An error about a recording; the message may quote it. */
export function badRecording(message: string, where: string, hint = HINT): BadInputError {
  return new BadInputError(briefly(message, LONGEST), { where, hint });
}

/**
 * Reads a header.
 *
 * @throws BadInputError that names the field that is wrong
 */
export function readHeader(value: unknown, where: string): Header {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw badRecording("a recording begins with a header, which is an object", where);
  const fields = value as Readonly<Record<string, unknown>>;
  if (fields["format"] !== FORMAT)
    throw badRecording(`this is not a recording: its first object has no "format": "${FORMAT}"`, where);
  if (fields["version"] !== VERSION)
    throw badRecording(
      `the recording has ${shownVersion(fields["version"])} of the format, and ${VERSION} is known here`,
      where,
    );
  const number = (name: string, otherwise: number, least = 0): number => {
    const found = fields[name] ?? otherwise;
    if (typeof found === "number" && Number.isSafeInteger(found) && found >= least) return found;
    throw badRecording(`"${name}" of the header must be a whole number of at least ${least}`, where);
  };
  const texts = (name: string): string[] => {
    const found = fields[name] ?? [];
    if (Array.isArray(found) && found.every((one) => typeof one === "string")) return found.map(requireName);
    throw badRecording(`"${name}" of the header must be a list of texts`, where);
  };
  const requireName = (text: string): string => {
    if (isPrintable(text)) return text;
    throw badRecording(`a name has a control character in it: ${text}`, where);
  };
  const name = fields["name"] ?? "";
  if (typeof name !== "string") throw badRecording('"name" of the header must be a text', where);
  const hung = fields["hung"] ?? false;
  if (typeof hung !== "boolean") throw badRecording('"hung" of the header must be true or false', where);
  return {
    name: requireName(name),
    ticksPerSecond: number("ticksPerSecond", 1_000_000_000, 1),
    drain: number("drain", 0),
    hung,
    lost: number("lost", 0),
    made: fields["made"] ?? {},
    lanes: readLanes(fields["lanes"], where).map((lane) => ({ ...lane, name: requireName(lane.name) })),
    steps: texts("steps"),
    names: texts("names"),
  };
}

function shownVersion(version: unknown): string {
  if (version === undefined) return "no version";
  const plain = typeof version === "number" || typeof version === "string";
  return plain ? `version ${JSON.stringify(version)}` : "a version that is no number";
}

function readLanes(value: unknown, where: string): HeaderLane[] {
  if (!Array.isArray(value) || value.length === 0)
    throw badRecording('"lanes" of the header must list the threads', where);
  const lanes = value.map((one: unknown): HeaderLane => {
    if (typeof one === "string") return { name: one, missing: 0 };
    const { name, missing = 0, events } = (one ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof name !== "string" || !isCount(missing) || (events !== undefined && !isCount(events)))
      throw badRecording(
        'a lane of the header must be a name, or an object such as {"name":"reader 1","missing":0}',
        where,
      );
    return { name, missing, ...(events !== undefined && { events }) };
  });
  const known = new Set<string>();
  const twice = lanes.find(({ name }) => known.size === known.add(name).size);
  if (twice !== undefined) throw badRecording(`two lanes of the header are called "${twice.name}"`, where);
  return lanes;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The part of a header that both formats write. */
export function headerOf(recording: Recording): Readonly<Record<string, unknown>> {
  const { name, ticksPerSecond, drain, hung, lost, made } = recording;
  return { format: FORMAT, version: VERSION, name, ticksPerSecond, drain, hung, lost, made };
}
