import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { ROOT } from "./program.fixture.js";

/** The text of the schema of a command's --json. */
export function schemaText(name: string): string {
  return readFileSync(join(ROOT, "conformance", "program", "cli", "schema", `${name}.schema.json`), "utf8");
}

/** Parses what a command printed and checks it against its schema. */
export function validated<T>(name: string, text: string): T {
  const value: unknown = JSON.parse(text);
  const ajv = new Ajv({ allErrors: true });
  const validate = ajv.compile<T>(JSON.parse(schemaText(name)));
  if (!validate(value)) throw new Error(`against ${name}.schema.json: ${ajv.errorsText(validate.errors)}`);
  return value;
}

/** What `--json` prints on an error. */
export interface ShownError {
  readonly error: {
    readonly message: string;
    readonly where?: string;
    readonly hint?: string;
    readonly exitCode: number;
  };
}

/** What `check --json` prints. */
export interface ShownClaims {
  readonly asDeclared: boolean;
  readonly interrupted: boolean;
  readonly undecided?: number;
  readonly notLookedAt: readonly { readonly path: string; readonly reason: string }[];
  readonly tlc?: { readonly verified: boolean };
  readonly vacuity: readonly { readonly kind: string; readonly name: string; readonly claims: string }[];
  readonly problems: readonly { readonly file: string; readonly message: string }[];
  readonly written?: readonly {
    readonly file: string;
    readonly lines?: readonly string[];
    readonly reason?: string;
  }[];
  readonly claims: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly declared: string;
    readonly asDeclared: boolean;
    readonly states: number;
    readonly fromCache?: boolean;
    readonly reason?: string;
    readonly stubs?: readonly string[];
    readonly javaNotRun?: readonly string[];
    readonly line?: number;
  }[];
}
