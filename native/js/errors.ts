import { BadInputError, EnvironmentError } from "../../spec/tlc/base/errors.js";

/** No C compiler can be started (exit code 3). */
export class CompilerMissingError extends EnvironmentError {}

/** The compiler refused a source of this room (exit code 3); its own words are in the hint. */
export class CompileError extends EnvironmentError {}

/** No mutant has this name, or a mutant's text to change is no longer in its file (exit code 2). */
export class MutantError extends BadInputError {}

/** The addon can't be loaded, or a replaying process can't be started or ends without a result (exit code 3). */
export class ReplayProcessError extends EnvironmentError {}

/** A driving process ended in good order before it came to its target's first step. */
export class NotBegunError extends ReplayProcessError {}

/** The kernel lacks membarrier PRIVATE_EXPEDITED, or something refuses it (exit code 3). */
export class MembarrierMissingError extends EnvironmentError {}

/** A measuring program could not measure: it failed, or did not end in time (exit code 3). */
export class BenchError extends EnvironmentError {}

/** A recording program could not record: it failed, or died (exit code 3). */
export class RecordError extends EnvironmentError {}
