import { BadBufferError } from "./errors.js";
import { createMemory, isSharedMemory, PAGE_BYTES, type SharedMemory } from "./wasm.js";

/*
 * A domain in a shared memory, in 32-bit words; a row is a line of 64 bytes, so that threads never share a line by
 * accident. Readers write their own slot's line only, and read that of gp.
 *
 *     0   magic, version, capacity, room   written once, by Domain.create; room in bytes
 *    16   gp                         number of the current grace period
 *    32   begun, ended               numbers of the last one that has begun, and ended
 *         leader                     0, or the owner id of the updater that runs grace periods
 *         doorbell                   how often it rang; followers sleep on it
 *         sleepers                   how many followers sleep, or are about to
 *    48   registered, used           how many readers are registered; the highest slot that was ever claimed
 *    64   head                       the domain's own pointer: the index of the cell that is published
 *    80   slot 1: announced          0 = quiescent, else the number that the reader saw, or OLD
 *         and its notice             1 = wake the leader, which may sleep on this word
 *    96   slot 2                     and so on up to the capacity
 *   then  owners                     a word for each slot: 0 = free, else the owner id of who claimed it, negative while
 *                                    it is not counted in registered
 *   then  room                       for the program's own data
 *
 * Numbers are odd, so none is 0, and wrap around after 2^31 grace periods. They are compared by the sign of their
 * difference, as TCP's are. What makes that safe stands at each comparison: `ReadSideCode.announce` for a reader however
 * long it is held up between loading a number and announcing it, and `Updater.hasEnded` for an updater's.
 */
export const GP_WORD = 16;
export const BEGUN_WORD = 32;
export const ENDED_WORD = 33;
export const LEADER_WORD = 34;
export const DOORBELL_WORD = 35;
export const SLEEPERS_WORD = 36;
export const REGISTERED_WORD = 48;
export const USED_WORD = 49;
export const HEAD_WORD = 64;

const MAGIC_WORD = 0;
export const VERSION_WORD = 1;
const CAPACITY_WORD = 2;
const ROOM_WORD = 3;
const SLOTS_WORD = 80;
const LINE_WORDS = 16;
export const WORD_BYTES = Int32Array.BYTES_PER_ELEMENT;

/** "QSCE", the first word of every domain. */
const MAGIC = 0x51534345;
/** Raised whenever the layout changes. */
export const VERSION = 2;
/** The number of the first grace period, and from one to the next. */
export const FIRST_NUMBER = 1;
export const NUMBER_STEP = 2;
/** Announces a section that is older than every grace period. It is even, as no number is. */
export const OLD = 2;
export const MAX_CAPACITY = 65_536;
export const MAX_ROOM = 2 ** 30;

/** A domain's memory and the view of its words. */
export interface Words {
  readonly memory: SharedMemory;
  readonly ints: Int32Array;
  readonly capacity: number;
  /** Bytes for the program's own data. */
  readonly room: number;
}

/** By how many steps of NUMBER_STEP a number is ahead of another one: half of the numbers are ahead of it. */
export function ahead(number: number, of: number): number {
  return ((number - of) | 0) / NUMBER_STEP;
}

/** Index of what the reader in this slot (1 to the capacity) announces. */
export function announcedWord(slot: number): number {
  return SLOTS_WORD + (slot - 1) * LINE_WORDS;
}

/** From a slot's announcement to its notice, in words. */
export const NOTICE_OFFSET = 1;

/** Index of the word that this slot's reader has to look at when it leaves a section. */
export function noticeWord(slot: number): number {
  return announcedWord(slot) + NOTICE_OFFSET;
}

/** Index of who claimed this slot (1 to the capacity). */
export function ownerWord(capacity: number, slot: number): number {
  return announcedWord(capacity + 1) + slot - 1;
}

/** Index of the first word of the program's own. */
export function roomWord(capacity: number): number {
  return Math.ceil(ownerWord(capacity, capacity + 1) / LINE_WORDS) * LINE_WORDS;
}

/** Bytes that a domain of this many slots takes, in whole pages. */
export function domainBytes(capacity: number, room = 0): number {
  return Math.ceil((roomWord(capacity) * WORD_BYTES + room) / PAGE_BYTES) * PAGE_BYTES;
}

/**
 * A fresh domain: no slot claimed, the first grace period, head 0.
 * @param room bytes for the program's own data
 * @throws BadBufferError if the capacity is not a whole number from 1 to 65,536, or the room not one from 0 to 2^30
 */
export function createWords(capacity: number, room = 0): Words {
  checkSizes(capacity, room, "Domain.create");
  const words = viewOf(createMemory(domainBytes(capacity, room) / PAGE_BYTES), capacity, room);
  resetWords(words);
  return words;
}

/** Makes the domain fresh again. Only for tests and drivers: nobody may be using it. */
export function resetWords(words: Words, number = FIRST_NUMBER): void {
  const { ints, capacity, room } = words;
  ints.fill(0, 0, roomWord(capacity));
  ints[MAGIC_WORD] = MAGIC;
  ints[VERSION_WORD] = VERSION;
  ints[CAPACITY_WORD] = capacity;
  ints[ROOM_WORD] = room;
  ints[BEGUN_WORD] = number;
  ints[ENDED_WORD] = number;
  Atomics.store(ints, GP_WORD, number);
}

/** Whether this program understands a version of the layout: its own, no older and no newer one. */
export function isVersion(version: number): boolean {
  return version === VERSION;
}

/**
 * The view of a memory that `createWords` made, in this or another thread.
 * @param understood for mutants
 * @throws BadBufferError that says what is wrong with it
 */
export function attachWords(memory: SharedMemory, understood = isVersion): Words {
  const where = "Domain.attach";
  if (!isSharedMemory(memory)) {
    throw new BadBufferError(
      `${where}: not a shared WebAssembly.Memory. Pass on domain.memory of the thread that created it.`,
    );
  }
  const { buffer } = memory;
  if (buffer.byteLength < domainBytes(1)) {
    throw new BadBufferError(
      `${where}: ${buffer.byteLength} bytes are too few: the smallest domain has ${domainBytes(1)}.`,
    );
  }
  const ints = new Int32Array(buffer, 0, LINE_WORDS);
  const magic = ints[MAGIC_WORD];
  if (magic !== MAGIC) {
    throw new BadBufferError(
      `${where}: the memory does not begin like a domain (word 0 is ${magic}, expected ${MAGIC}). ` +
        "Was it made by Domain.create?",
    );
  }
  const version = ints[VERSION_WORD] ?? 0;
  if (!understood(version)) {
    throw new BadBufferError(
      `${where}: the memory has layout version ${version}, this program knows ${VERSION}. ` +
        "Use one version of quiesce in all threads.",
    );
  }
  const capacity = ints[CAPACITY_WORD] ?? 0;
  const room = ints[ROOM_WORD] ?? 0;
  checkSizes(capacity, room, where);
  if (buffer.byteLength !== domainBytes(capacity, room)) {
    throw new BadBufferError(
      `${where}: the memory claims to have ${capacity} slots and room for ${room} bytes, which take ` +
        `${domainBytes(capacity, room)} bytes, but has ${buffer.byteLength}. Pass it on as it is.`,
    );
  }
  return viewOf(memory, capacity, room);
}

function viewOf(memory: SharedMemory, capacity: number, room: number): Words {
  return { memory, ints: new Int32Array(memory.buffer), capacity, room };
}

function checkSizes(capacity: number, room: number, where: string): void {
  const check = (what: string, value: number, least: number, most: number): void => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw new BadBufferError(
      `${where}: the ${what} must be a whole number from ${least} to ${most}, not ${value}.`,
    );
  };
  check("capacity", capacity, 1, MAX_CAPACITY);
  check("room", room, 0, MAX_ROOM);
}
