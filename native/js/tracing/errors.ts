import { BadInputError, EnvironmentError } from "../../../spec/tlc/base/errors.js";

/** The directory can't be used, or a program can't do what was asked of it there (exit code 3). */
export class TraceError extends EnvironmentError {}

/** What was asked for is wrong (exit code 2). */
export class TraceInputError extends BadInputError {}
