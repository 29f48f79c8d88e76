/** RCU for worker threads: what a program imports. Everything else in this folder is how it works, or tests it. */
export { Domain, type DomainOptions } from "./domain.js";
export { BadBufferError, DomainFullError, type Misuse, MisuseError, QuiesceError } from "./errors.js";
export { SharedPointer } from "./pointer.js";
export type { Reader, Token } from "./reader.js";
export type { SharedMemory } from "./wasm.js";
