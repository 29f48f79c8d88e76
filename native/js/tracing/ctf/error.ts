import { BadInputError } from "../../../../spec/tlc/base/errors.js";

/** A recording that is not as CTF 1.8 has it, or has something that this reader doesn't know. */
export class TraceFormatError extends BadInputError {}
