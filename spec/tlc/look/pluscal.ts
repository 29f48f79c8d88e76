/** A module's PlusCal algorithm, and its translation where it has one. */
export interface Algorithm {
  /** The line of its `--algorithm`, from 1. */
  readonly line: number;
  readonly translation?: Translation;
}

/** What stands between `BEGIN TRANSLATION` and `END TRANSLATION`. */
export interface Translation {
  /** The line of `BEGIN TRANSLATION`. */
  readonly line: number;
  /** Without blank lines and spaces at the ends of lines, which mean nothing. */
  readonly text: string;
  /** The checksum that its lines have now, and the one that the translator noted. */
  readonly checksum: string;
  readonly noted?: { readonly pcal: string; readonly tla: string };
}

/** How the translator itself finds an algorithm: the first of these words, followed by the algorithm's name. */
const ALGORITHM = /--(?:fair\s+)?algorithm\s+\w/;
const BEGIN = /\bBEGIN\s+TRANSLATION\b/;
const END = /\bEND\s+TRANSLATION\b/;
const NOTED =
  /\bch(?:ec)?ksum\(p(?:lus)?cal\)\s*=\s*"([0-9a-f]*)"\s*\/\\\s*ch(?:ec)?ksum\(tla\+?\)\s*=\s*"([0-9a-f]*)"/i;

/** What newer translators note for every algorithm that is `--fair`, whatever it says: the checksum of the word "fair". */
const SAME_FOR_ALL = "7c28162a";

/** The first PlusCal algorithm in a module's text; undefined when there is none. */
export function readAlgorithm(text: string): Algorithm | undefined {
  const found = ALGORITHM.exec(text);
  if (found === null) return undefined;
  const lines = text.split(/\r?\n/);
  const algorithm = { line: text.slice(0, found.index).split("\n").length };
  const begin = lines.findIndex((line) => BEGIN.test(line));
  const end = lines.findIndex((line, index) => index > begin && END.test(line));
  if (begin < 0 || end < 0) return algorithm;
  const body = lines.slice(begin + 1, end);
  const [, pcal, tla] = NOTED.exec(lines[begin] ?? "") ?? [];
  return {
    ...algorithm,
    translation: {
      line: begin + 1,
      text: body
        .map((line) => line.trimEnd())
        .filter((line) => line !== "")
        .join("\n"),
      checksum: crc32(body.join("")),
      ...(pcal !== undefined && tla !== undefined && { noted: { pcal, tla } }),
    },
  };
}

/**
 * Why a translation is not of its algorithm; undefined when it is. `made` is what the translator makes of the algorithm
 * now. Another version of the translator may have written the same in other words: then its own checksums count.
 */
export function whyOutOfStep(algorithm: Algorithm, made: Translation): string | undefined {
  const { translation } = algorithm;
  if (translation === undefined || translation.text === made.text) return undefined;
  const { noted, checksum } = translation;
  if (noted === undefined)
    return "the translation is not what this translator makes of the algorithm: the algorithm was changed after it, or it was changed by hand, or another version made it";
  if (noted.tla !== checksum) return "the translation was changed by hand";
  if (noted.pcal === SAME_FOR_ALL)
    return "the translation is not what this translator makes of the algorithm: the algorithm was changed after it, or another version made it";
  return noted.pcal === made.noted?.pcal ? undefined : "the algorithm was changed after it was translated";
}

/** The checksum (CRC-32) that the translator notes, as it writes it. */
function crc32(text: string): string {
  let crc = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16);
}
