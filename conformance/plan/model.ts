import { basename, dirname, join, resolve } from "node:path";
import { BadInputError } from "../../spec/tlc/base/errors.js";
import { nameOf } from "../../spec/tlc/base/source-file.js";
import { readText } from "../../spec/tlc/base/text-file.js";
import { requireClaims } from "../../spec/tlc/claim/asked-claims.js";
import type { Claim } from "../../spec/tlc/claim/claim.js";
import { readHeader } from "../../spec/tlc/claim/claim-header.js";
import { findModule } from "../../spec/tlc/claim/claim-module.js";
import { readConfig } from "../../spec/tlc/claim/config.js";

/** A module with the constants of a configuration: as much of a claim as a state graph depends on. */
export type Model = Pick<Claim, "id" | "file" | "root" | "module" | "config" | "libraries">;

/**
 * The model of a claim's id, or of any `.cfg`: one that declares nothing (it has no header) is a model, too.
 *
 * @throws BadInputError when there is none, or several
 */
export async function modelOf(name: string, specRoot: string): Promise<Model> {
  const undeclared = await undeclaredModel(name);
  if (undeclared !== undefined) return undeclared;
  const claims = await requireClaims([name], specRoot);
  const [only] = claims;
  if (only !== undefined && claims.length === 1) return only;
  // Ours are known by their ids, those of others by where they are.
  const typed = ({ id, file, root }: Claim): string =>
    root === resolve(specRoot) ? id : nameOf(join(dirname(file), basename(id)));
  const some = claims.slice(0, 3).map(typed);
  throw new BadInputError(`${name} stands for ${claims.length} claims, each with its own graph`, {
    hint: `Name one of them: ${some.join(", ")}${claims.length > 3 ? ", ..." : ""}`,
  });
}

const LONGEST = 1024 * 1024;

/** A configuration without a header; undefined for anything else. */
async function undeclaredModel(name: string): Promise<Model | undefined> {
  const file = resolve(name);
  if (!name.endsWith(".cfg")) return undefined;
  let config: string;
  try {
    config = readText(file, LONGEST);
  } catch {
    // Whoever reads it as a claim says what is wrong with it.
    return undefined;
  }
  if (readHeader(config.split(/\r?\n/)).entries.length > 0) return undefined;
  const [problem] = readConfig(config).problems;
  if (problem !== undefined)
    throw new BadInputError(problem.message, {
      where: `${nameOf(file)}:${config.slice(0, problem.offset).split("\n").length}`,
      ...(problem.hint !== undefined && { hint: problem.hint }),
    });
  const root = dirname(file);
  const found = await findModule(file, undefined, root);
  if ("message" in found)
    throw new BadInputError(found.message, {
      where: nameOf(file),
      ...(found.hint !== undefined && { hint: found.hint }),
    });
  return { id: basename(file, ".cfg"), file, root, module: found.module, config };
}
