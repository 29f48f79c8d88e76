import type { Claim } from "../../../spec/tlc/claim/claim.js";
import { meaningOf } from "../../../spec/tlc/claim/meaning.js";
import { closeModules } from "../../../spec/tlc/claim/modules.js";
import { LANES_LINE } from "../counterexample/lanes.js";
import { shortHash } from "./section.js";

/**
 * The version of how counterexamples are shown: raised when that changes, so those of large claims are made again, too.
 */
const FORMAT = 1;

/**
 * A short hash of everything that a claim's counterexample is made from: what the configuration and the modules say,
 * and how it is shown. Comments and layout don't count, except for the line that names the lanes.
 */
export async function fingerprint(claim: Claim, close = closeModules): Promise<string> {
  const { files } = await close(claim.module, claim.root);
  const parts = [
    FORMAT,
    claim.declared.verdict,
    meaningOf(claim.config),
    ...files.flatMap(({ name, text }) => [name, LANES_LINE.exec(text)?.[1] ?? "", meaningOf(text)]),
  ];
  return shortHash(JSON.stringify(parts));
}
