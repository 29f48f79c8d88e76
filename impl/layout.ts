import { BadBufferError } from "./errors.js";

/*
 * A domain in a SharedArrayBuffer, in 32-bit words; a row is a line of 64 bytes, so that threads never
 * share a line by accident:
 *
 *     0   magic, version, capacity   written once, by Domain.create
 *    16   gp, 64 bits                number of the current grace period, starts at 1
 *    32   waiting                    1 while an updater sleeps on this word, or is about to
 *    48   lock                       of the updaters: 0, or the holder's owner id, negative if others wait
 *    64   head                       the domain's own pointer: the index of the cell that is published
 *    80   slot 1: announced, 64 bits 0 = quiescent, else the number that the reader saw
 *         and its owner              0 = free, else who claimed it
 *    96   slot 2                     and so on up to the capacity
 *
 * gp and announced are 64 bits wide and so do not wrap: at one grace period a nanosecond 2^63 take 292 years.
 */
export const GP_WORD = 16;
export const WAITING_WORD = 32;
export const LOCK_WORD = 48;
export const HEAD_WORD = 64;

const MAGIC_WORD = 0;
export const VERSION_WORD = 1;
const CAPACITY_WORD = 2;
const SLOTS_WORD = 80;
const LINE_WORDS = 16;

/** "QSCE", the first word of every domain. */
const MAGIC = 0x51534345;
/** Raised whenever the layout changes. */
export const VERSION = 1;
/** The number of the first grace period. */
const FIRST_NUMBER = 1n;
export const MAX_CAPACITY = 65_536;

/** The two views of a domain's buffer: `ints` indexed by word, `longs` by pairs of words. */
export interface Words {
  readonly ints: Int32Array;
  readonly longs: BigInt64Array;
  readonly capacity: number;
}

/** Index in `longs` of the number of the current grace period. */
export const GP_LONG = GP_WORD / 2;

/** Index in `longs` of what the reader in this slot (1 to the capacity) announces. */
export function announcedLong(slot: number): number {
  return (SLOTS_WORD + (slot - 1) * LINE_WORDS) / 2;
}

/** Index in `ints` of who claimed this slot (1 to the capacity). */
export function ownerWord(slot: number): number {
  return SLOTS_WORD + (slot - 1) * LINE_WORDS + 2;
}

/** Bytes that a domain of this many slots takes. */
export function domainBytes(capacity: number): number {
  return (SLOTS_WORD + capacity * LINE_WORDS) * Int32Array.BYTES_PER_ELEMENT;
}

/**
 * A fresh domain: no slot claimed, the first grace period, head 0.
 * @throws BadBufferError if the capacity is not a whole number from 1 to 65,536
 */
export function createWords(capacity: number): Words {
  checkCapacity(capacity, "Domain.create");
  const words = viewsOf(new SharedArrayBuffer(domainBytes(capacity)), capacity);
  resetWords(words);
  return words;
}

/** Makes the domain fresh again. Only for tests and drivers: nobody may be using it. */
export function resetWords(words: Words): void {
  words.ints.fill(0);
  words.ints[MAGIC_WORD] = MAGIC;
  words.ints[VERSION_WORD] = VERSION;
  words.ints[CAPACITY_WORD] = words.capacity;
  Atomics.store(words.longs, GP_LONG, FIRST_NUMBER);
}

/** Whether this program understands a version of the layout: its own, no older and no newer one. */
export function isVersion(version: number): boolean {
  return version === VERSION;
}

/**
 * The views of a buffer that `createWords` made, in this or another thread.
 * @param understood for mutants
 * @throws BadBufferError that says what is wrong with the buffer
 */
export function attachWords(buffer: SharedArrayBuffer, understood = isVersion): Words {
  const where = "Domain.attach";
  if (!(buffer instanceof SharedArrayBuffer)) {
    throw new BadBufferError(
      `${where}: not a SharedArrayBuffer. Pass on domain.buffer of the thread that created it.`,
    );
  }
  if (buffer.byteLength < domainBytes(1)) {
    throw new BadBufferError(
      `${where}: ${buffer.byteLength} bytes are too few: the smallest domain has ${domainBytes(1)}.`,
    );
  }
  const ints = new Int32Array(buffer, 0, LINE_WORDS);
  const magic = ints[MAGIC_WORD];
  if (magic !== MAGIC) {
    throw new BadBufferError(
      `${where}: the buffer does not begin like a domain (word 0 is ${magic}, expected ${MAGIC}). ` +
        "Was it made by Domain.create?",
    );
  }
  const version = ints[VERSION_WORD] ?? 0;
  if (!understood(version)) {
    throw new BadBufferError(
      `${where}: the buffer has layout version ${version}, this program knows ${VERSION}. ` +
        "Use one version of quiesce in all threads.",
    );
  }
  const capacity = ints[CAPACITY_WORD] ?? 0;
  checkCapacity(capacity, where);
  if (buffer.byteLength !== domainBytes(capacity)) {
    throw new BadBufferError(
      `${where}: the buffer claims to have ${capacity} slots, which take ${domainBytes(capacity)} bytes, ` +
        `but has ${buffer.byteLength}. Pass it on whole.`,
    );
  }
  return viewsOf(buffer, capacity);
}

function viewsOf(buffer: SharedArrayBuffer, capacity: number): Words {
  return { ints: new Int32Array(buffer), longs: new BigInt64Array(buffer), capacity };
}

function checkCapacity(capacity: number, where: string): void {
  if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_CAPACITY) {
    throw new BadBufferError(
      `${where}: the capacity must be a whole number from 1 to ${MAX_CAPACITY}, not ${capacity}.`,
    );
  }
}
