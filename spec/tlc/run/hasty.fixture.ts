import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { inflateRawSync } from "node:zlib";
import type { Tools } from "../tools/tools.js";

/** The class in which TLC waits a minute between looks at the clock, and the minute in milliseconds as Java stores it. */
const CHECKER = "tlc2/tool/AbstractChecker.class";
const MINUTE = Buffer.from([3, 0, 0, 0xea, 0x60]);
const HALF_A_SECOND = Buffer.from([3, 0, 0, 0x01, 0xf4]);

/** Replaces the option's minutes with a shorter interval, which TLC takes from a Java property. */
const WRAPPER = `#!/bin/sh
for word; do
  shift
  if [ "$word" = -checkpoint ]; then skip=1
  elif [ -n "$skip" ]; then skip=
  else set -- "$@" "$word"
  fi
done
exec JAVA -Dtlc2.TLCGlobals.chkpt=400 "$@"
`;

/** TLC as it is, except that it checks twice a second, not once a minute, whether a checkpoint is due. */
export function hastyTools(tools: Tools, folder: string): Tools {
  const content = Buffer.from(extract(readFileSync(tools.jar.path), CHECKER));
  const at = content.indexOf(MINUTE);
  if (at < 0 || content.indexOf(MINUTE, at + 1) >= 0) throw new Error("TLC has no such constant");
  HALF_A_SECOND.copy(content, at);
  const file = join(folder, CHECKER);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  const command = join(folder, "java");
  writeFileSync(command, WRAPPER.replace("JAVA", tools.java.command), { mode: 0o755 });
  const { archive: _, ...others } = tools;
  return {
    ...others,
    java: { ...tools.java, command },
    jar: { ...tools.jar, path: `${folder}${delimiter}${tools.jar.path}` },
  };
}

/** One file from a zip archive. */
function extract(zip: Buffer, name: string): Buffer {
  for (let at = zip.lastIndexOf("PK\x05\x06") + 16, entry = zip.readUInt32LE(at); entry < zip.length; ) {
    const [size, long, extra, comment] = [20, 28, 30, 32].map((from, i) =>
      i === 0 ? zip.readUInt32LE(entry + from) : zip.readUInt16LE(entry + from),
    ) as [number, number, number, number];
    if (zip.toString("latin1", entry + 46, entry + 46 + long) === name) {
      const local = zip.readUInt32LE(entry + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const data = zip.subarray(start, start + size);
      return zip.readUInt16LE(entry + 10) === 0 ? data : inflateRawSync(data);
    }
    entry += 46 + long + extra + comment;
  }
  throw new Error(`${name} is not in the archive`);
}
