import { BadInputError } from "../../spec/tlc/base/errors.js";
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

/** An error about a recording. */
export function badRecording(message: string, where: string, hint = HINT): BadInputError {
  return new BadInputError(message, { where, hint });
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
      `the recording has version ${JSON.stringify(fields["version"])} of the format, and ${VERSION} is known here`,
      where,
    );
  const number = (name: string, otherwise: number, least = 0): number => {
    const found = fields[name] ?? otherwise;
    if (typeof found === "number" && Number.isSafeInteger(found) && found >= least) return found;
    throw badRecording(`"${name}" of the header must be a whole number of at least ${least}`, where);
  };
  const texts = (name: string): string[] => {
    const found = fields[name] ?? [];
    if (Array.isArray(found) && found.every((one) => typeof one === "string")) return found;
    throw badRecording(`"${name}" of the header must be a list of texts`, where);
  };
  const hung = fields["hung"] ?? false;
  if (typeof hung !== "boolean") throw badRecording('"hung" of the header must be true or false', where);
  return {
    name: String(fields["name"] ?? ""),
    ticksPerSecond: number("ticksPerSecond", 1_000_000_000, 1),
    drain: number("drain", 0),
    hung,
    lost: number("lost", 0),
    made: fields["made"] ?? {},
    lanes: readLanes(fields["lanes"], where),
    steps: texts("steps"),
    names: texts("names"),
  };
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
  const twice = lanes.find(({ name }, i) => lanes.findIndex((other) => other.name === name) < i);
  if (twice !== undefined) throw badRecording(`two lanes of the header are called "${twice.name}"`, where);
  return lanes;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The part of a header that both formats write. */
export function headerOf(recording: Recording): Readonly<Record<string, unknown>> {
  const { name, ticksPerSecond, drain, hung, lost, made } = recording;
  return { format: FORMAT, version: VERSION, name, ticksPerSecond, drain, hung, lost, made };
}
