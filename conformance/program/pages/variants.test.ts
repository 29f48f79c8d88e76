import { describe, expect, it } from "vitest";
import { type Claim, readClaims } from "../../../spec/tlc/claim/claim.js";
import { specRoot } from "../../base/root.js";
import { figureOf } from "./figure.js";
import { renderVariants } from "./variants.js";

const { claims } = await readClaims(["membarrier"], specRoot);

/** The claims, with one of them declared differently or left out. */
function but(id: string, change?: Partial<Pick<Claim, "declared" | "overrides">>): Claim[] {
  expect(claims.map((claim) => claim.id)).toContain(id);
  return claims.flatMap((claim) =>
    claim.id !== id ? [claim] : change === undefined ? [] : [{ ...claim, ...change }],
  );
}
const rowOf = (page: string, question: string): string =>
  page.split("\n").find((line) => line.includes(question)) as string;

describe("the page of the variants", () => {
  it("answers every question for every variant, with a link to a claim", () => {
    const [, table = ""] = renderVariants(claims).split("|---|---|---|---|---|\n");
    const rows = (table.split("\n\n")[0] as string).split("\n").map((row) => row.split(" | ").slice(2));
    expect(rows.length).toBeGreaterThan(15);
    for (const cells of rows) {
      expect(cells).toHaveLength(3);
      for (const cell of cells) expect(cell).toMatch(/^does not look$|^\[[^\]]+\]\([^)]+#[^)]+\)/);
    }
  });

  it("changes with a declared bound", () => {
    const question = "How many CPUs does a call interrupt";
    const id = "membarrier/costs/Costs-interrupts.private.4.3";
    const bound = claims.find((claim) => claim.id === id)?.overrides;
    const changed = renderVariants(but(id, { overrides: { ...bound, Bound: "7" } }));
    expect(rowOf(renderVariants(claims), question)).toMatch(/\[3\]\([^)]*\) \|$/);
    expect(rowOf(changed, question)).toMatch(/\[at most 7\]\([^)]*\) \|$/);
  });

  it("changes with a declared verdict", () => {
    const question = "Does it return even if";
    const id = "membarrier/kernel/Kernel-returns.private";
    const changed = renderVariants(but(id, { declared: { verdict: "violated", violates: "CallReturns" } }));
    expect(rowOf(renderVariants(claims), question)).toMatch(/\[yes\]\([^)]*\) \|$/);
    expect(rowOf(changed, question)).toMatch(/\[no\]\([^)]*\) \|$/);
  });

  it("shows no figure that no claim gives", () => {
    expect(() => renderVariants(but("membarrier/kernel/Kernel-returns.grace"))).toThrow(
      /0 claims instead of one/,
    );
    const without = claims.filter(({ id }) => !id.startsWith("membarrier/costs/Costs-interrupts.grace.4"));
    expect(() =>
      renderVariants(without.filter(({ id }) => !id.startsWith("membarrier/costs/Costs-loop"))),
    ).toThrow(/no claim gives a bound/);
  });
});

describe("a figure", () => {
  const row = (bound: number, verdict: "holds" | "violated"): Claim => ({
    ...(claims[0] as Claim),
    id: `${bound}-${verdict}`,
    overrides: { Bound: String(bound) },
    declared: { verdict },
  });
  const most = (...rows: Claim[]): string => figureOf(rows, "most", "it").text;
  const least = (...rows: Claim[]): string => figureOf(rows, "least", "it").text;

  it("is plain when the bound beside it is violated, whatever the order of the rows", () => {
    expect(most(row(2, "holds"), row(1, "violated"))).toBe("2");
    expect(most(row(0, "violated"), row(3, "holds"), row(2, "holds"), row(1, "violated"))).toBe("2");
    expect(least(row(1, "holds"), row(2, "violated"))).toBe("1");
    expect(most(row(0, "holds"))).toBe("0");
  });

  it("says when it is only a bound", () => {
    expect(most(row(2, "holds"))).toBe("at most 2");
    expect(most(row(2, "holds"), row(0, "violated"))).toBe("at most 2");
    expect(least(row(0, "holds"))).toBe("at least 0");
    expect(most(row(3, "violated"), row(2, "violated"))).toBe("more than 3");
    expect(least(row(2, "violated"))).toBe("less than 2");
  });

  it("is refused when its claims contradict one another, or there are none", () => {
    expect(() => most(row(1, "holds"), row(2, "violated"))).toThrow(/contradicts/);
    expect(() => most(row(1, "holds"), row(1, "violated"))).toThrow(/contradicts/);
    expect(() => least(row(1, "violated"), row(2, "holds"))).toThrow(/contradicts/);
    expect(() => most()).toThrow(/no claim gives a bound/);
  });
});
