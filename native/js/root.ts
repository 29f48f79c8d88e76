import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { buildFolder } from "../../spec/tlc/base/cache.js";

const require = createRequire(import.meta.url);

/** The repository's root, from the sources as well as from dist/. */
export const ROOT = dirname(require.resolve("quiesce/package.json"));

/** Where the C sources are. */
export const SOURCES = join(ROOT, "native");

/** Where compiled files may be found: who can't write here takes what another has compiled. */
export const BUILT = join(ROOT, "build", "native");

/** Where what is compiled goes: BUILT if it can be written. Nothing in it is ever edited or committed. */
export const OUTPUT = buildFolder(ROOT, "native");

/** The folder of Node-API's headers, from the package node-api-headers. */
export const NODE_API_HEADERS = join(dirname(require.resolve("node-api-headers/package.json")), "include");
