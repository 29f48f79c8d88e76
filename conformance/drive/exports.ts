import { open } from "node:fs/promises";

const MAGIC = 0x7f454c46;
const DYNAMIC_SYMBOLS = 11;
/** No library's tables are larger: who has lost its way must not take our memory. */
const LARGEST = 1 << 28;

/**
 * The names that a shared library offers to those who load it: its dynamic symbols that are defined there. It is only
 * read: loading it would run its code in this process.
 *
 * @returns undefined when the file is no ELF file, or none that has sections
 */
export async function exportsOf(file: string): Promise<ReadonlySet<string> | undefined> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const part = async (at: number, length: number): Promise<DataView> => {
      if (at < 0 || length < 0 || length > LARGEST || at + length > size) throw new RangeError("outside");
      const bytes = Buffer.alloc(length);
      await handle.read(bytes, 0, length, at);
      return new DataView(bytes.buffer, bytes.byteOffset, length);
    };
    return await namesIn(part);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  } finally {
    await handle.close();
  }
}

type Part = (at: number, length: number) => Promise<DataView>;

interface Section {
  readonly type: number;
  readonly at: number;
  readonly size: number;
  readonly link: number;
}

/** Throws RangeError where the file ends too early. */
async function namesIn(part: Part): Promise<ReadonlySet<string> | undefined> {
  const head = await part(0, 52);
  if (head.getUint32(0) !== MAGIC) return undefined;
  const wide = head.getUint8(4) === 2;
  const little = head.getUint8(5) === 1;
  const word = (view: DataView, at: number): number =>
    wide ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
  const whole = wide ? await part(0, 64) : head;
  const table = word(whole, wide ? 0x28 : 0x20);
  const [entry, entries] = [0, 2].map((more) => whole.getUint16((wide ? 0x3a : 0x2e) + more, little));
  if (entry === undefined || entries === undefined || entry < (wide ? 64 : 40)) return undefined;
  const sections: Section[] = [];
  for (let i = 0; i < entries; i++) {
    const view = await part(table + i * entry, entry);
    sections.push({
      type: view.getUint32(4, little),
      at: word(view, wide ? 0x18 : 0x10),
      size: word(view, wide ? 0x20 : 0x14),
      link: view.getUint32(wide ? 0x28 : 0x18, little),
    });
  }
  const symbols = sections.find(({ type }) => type === DYNAMIC_SYMBOLS);
  const texts = symbols && sections[symbols.link];
  if (symbols === undefined || texts === undefined) return undefined;
  const view = await part(symbols.at, symbols.size);
  const names = await part(texts.at, texts.size);
  const found = new Set<string>();
  const step = wide ? 24 : 16;
  for (let at = 0; at + step <= symbols.size; at += step)
    if (view.getUint16(at + (wide ? 6 : 14), little) !== 0)
      found.add(textAt(names, view.getUint32(at, little)));
  return found;
}

function textAt(names: DataView, start: number): string {
  const bytes = Buffer.from(names.buffer, names.byteOffset, names.byteLength);
  const end = bytes.indexOf(0, start);
  return bytes.toString("latin1", start, end < 0 ? names.byteLength : end);
}
