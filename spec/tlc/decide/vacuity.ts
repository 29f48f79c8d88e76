import type { Claim } from "../claim/claim.js";
import { readConfig } from "../claim/config.js";
import { mayBeVacuous } from "../look/counted.js";
import type { SourceLocation } from "../output/location.js";
import type { ClaimResult } from "./claim-result.js";

/** A problem with an action, or a property, of the claims of one file. */
export interface Vacuity {
  /**
   * `never taken`: no behaviour takes the action; `never enabled`: the L of a property `L => R` or `L ~> R` is never
   * true; both only where that is not declared. `no behaviour`: none is as fair as the specification demands, so that
   * every liveness property holds. `not idle`: it is declared idle, but happens; `unknown`: it is declared
   * idle, but does not exist.
   */
  readonly kind: "never taken" | "never enabled" | "no behaviour" | "not idle" | "unknown";
  /** The first of the claims of the file. */
  readonly claim: Claim;
  /** The action or property, or the specification. */
  readonly name: string;
  readonly location?: SourceLocation;
}

/** An action or a property, and whether it happens. */
interface Item {
  readonly kind: "never taken" | "never enabled";
  readonly name: string;
  readonly location: SourceLocation;
  readonly happens: boolean;
}

/**
 * Finds the actions that claims never take, and the properties that they never put to the test, though they do not
 * declare it (`Idle:` in the header): the claims may then hold only because these never happen. An action that another
 * claim takes is fine: a claim leaves actions out by its choice of constants. For the same reason, the rows of a sweep
 * are examined together, and only when all rows that hold were counted; rows of the full set only where there are no
 * others. `rowsOf` reads all claims of a claim's file.
 */
export async function findVacuity(
  results: readonly ClaimResult[],
  rowsOf: (claim: Claim) => Promise<readonly Claim[]>,
): Promise<Vacuity[]> {
  // The run of a violated claim may or may not have been counted: the answer must not depend on that.
  const looked = results.filter(({ claim }) => mayBeVacuous(claim));
  const files = new Map<string, ClaimResult[]>();
  for (const result of looked) {
    const { file } = result.claim;
    files.set(file, [...(files.get(file) ?? []), result]);
  }
  const found = (await Promise.all([...files.values()].map((rows) => ofFile(rows, rowsOf)))).flat();
  const taken = new Set(
    looked.flatMap(({ report }) => report?.actions?.filter((one) => one.taken > 0).map(placeOf) ?? []),
  );
  return found.filter(
    ({ kind, name, location }) =>
      kind !== "never taken" || location === undefined || !taken.has(placeOf({ name, location })),
  );
}

/** What distinguishes an action, or a property, from others. */
function placeOf({ name, location }: Pick<Item, "name" | "location">): string {
  return [name, location.module, location.line, location.column].join(" ");
}

async function ofFile(
  results: readonly ClaimResult[],
  rowsOf: (claim: Claim) => Promise<readonly Claim[]>,
): Promise<Vacuity[]> {
  const rows = ordinary(results, ({ claim }) => claim);
  const unfair = rows.flatMap(({ claim, report }): Vacuity[] => {
    const name = readConfig(claim.config).specification;
    return report?.behaves === false && name !== undefined ? [{ kind: "no behaviour", claim, name }] : [];
  });
  return [...unfair.slice(0, 1), ...(await itemsOfFile(rows, rowsOf))];
}

/** What the claims of one file never take, and the like. */
async function itemsOfFile(
  rows: readonly ClaimResult[],
  rowsOf: (claim: Claim) => Promise<readonly Claim[]>,
): Promise<Vacuity[]> {
  const counted = rows.filter(({ report }) => report?.actions !== undefined || report?.uses !== undefined);
  const [first] = counted;
  if (first === undefined) return [];
  const { claim } = first;
  const { idle = [] } = claim;
  const items = merge(rows.flatMap(itemsOf));
  const stale = idle.flatMap((name): Vacuity[] => {
    const known = items.filter((item) => item.name === name);
    const happens = known.find((item) => item.happens);
    if (happens !== undefined) return [{ kind: "not idle", claim, name, location: happens.location }];
    return known.length > 0 ? [] : [{ kind: "unknown", claim, name }];
  });
  const missing = items.filter(({ happens, name }) => !happens && !idle.includes(name));
  if (missing.length === 0 || !counted.some(isWhole)) return stale;
  const sweep = Object.keys(claim.overrides).length > 0;
  if (sweep && !areAll(counted, await rowsOf(claim))) return stale;
  return [...missing.map(({ kind, name, location }) => ({ kind, claim, name, location })), ...stale];
}

function itemsOf({ report }: ClaimResult): Item[] {
  const { actions = [], uses = [], violated } = report ?? {};
  return [
    ...actions.map(({ name, location, taken }) => ({
      ...{ kind: "never taken" as const, name, location },
      happens: taken > 0,
    })),
    ...uses.map(({ name, location, enabled }) => ({
      ...{ kind: "never enabled" as const, name, location },
      happens: enabled || violated?.name === name,
    })),
  ];
}

/** TLC has been through all behaviours. */
function isWhole({ verdict }: ClaimResult): boolean {
  return verdict === "holds" || verdict === "forbidden";
}

/** Are these all rows of the file that hold? A violated row only adds to what happens. */
function areAll(counted: readonly ClaimResult[], rows: readonly Claim[]): boolean {
  // By their lines: an id may have been given a folder in front.
  const known = new Set(counted.map(({ claim }) => claim.line));
  return ordinary(rows, (row) => row).every((row) => known.has(row.line) || !mayBeVacuous(row));
}

/** Those of the ci set; all where there are none. */
function ordinary<T>(rows: readonly T[], claimOf: (row: T) => Claim): readonly T[] {
  const ci = rows.filter((row) => claimOf(row).set === "ci");
  return ci.length === 0 ? rows : ci;
}

/** What several runs say about the same thing: it happens when it happens in one of them. */
function merge(items: readonly Item[]): Item[] {
  const merged = new Map<string, Item>();
  for (const item of items) {
    const key = placeOf(item);
    merged.set(key, { ...item, happens: item.happens || merged.get(key)?.happens === true });
  }
  return [...merged.values()];
}
