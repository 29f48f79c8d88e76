import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** The repository's root, from the sources as well as from dist/. */
export const ROOT = dirname(require.resolve("quiesce/package.json"));

/** Where the C sources are. */
export const SOURCES = join(ROOT, "native");

/** Where what is compiled goes; nothing in it is ever edited or committed. */
export const OUTPUT = join(ROOT, "build", "native");

/** The folder of Node-API's headers, from the package node-api-headers. */
export const NODE_API_HEADERS = join(dirname(require.resolve("node-api-headers/package.json")), "include");
