import { BadInputError } from "../../../spec/tlc/base/errors.js";
import { type Claim, readClaims } from "../../../spec/tlc/claim/claim.js";
import type { ClaimResult } from "../../../spec/tlc/decide/check.js";
import { linkTo } from "../markdown/place.js";
import { type GracePanel, gracePanel, gracePeriodSvg } from "../picture/grace-period.js";
import { readGraceRun, VARIANTS, type Variant } from "../picture/grace-period-run.js";
import { type CollectOptions, collectSections, type Wanted } from "./collect.js";
import { type Pages, readPage } from "./pages.js";
import { renderSection, type Section } from "./section.js";

/** The picture of a grace period by variant, from the root. */
export const GRACE_PICTURE = "spec/membarrier/generated/grace-period.svg";
const CLAIMS = "membarrier/costs/Payers-pictured.cfg";

/** As for the claims' pages. */
export interface GracePictureRequest extends CollectOptions {
  /** The root of the repository. */
  readonly root: string;
  readonly spec: string;
}

/** The claims whose counterexamples are drawn, by variant. */
export async function graceClaims(spec: string): Promise<ReadonlyMap<Variant, Claim>> {
  const { claims } = await readClaims([CLAIMS], spec);
  return new Map(
    VARIANTS.map((variant) => {
      const claim = claims.find(({ overrides }) => overrides["Variant"] === `"${variant}"`);
      if (claim === undefined)
        throw new BadInputError(`no claim of spec/${CLAIMS} is about the variant ${variant}`);
      return [variant, claim];
    }),
  );
}

/** The panel of a variant from what TLC has said about its claim; links are those of a file in `from`. */
export function panelOf(variant: Variant, { claim, report }: ClaimResult, from: string): GracePanel {
  return gracePanel(readGraceRun(variant, report?.trace?.states ?? []), { href: linkTo(claim, from) });
}

/**
 * The picture, in memory. Each panel is kept in the file until a module that its behaviour depends on changes, as the
 * counterexamples of pages are.
 *
 * @throws BadInputError when a claim is not as declared
 */
export async function makeGracePicture(request: GracePictureRequest): Promise<Pages> {
  const claims = [...(await graceClaims(request.spec))];
  const onDisk = readPage(request.root, GRACE_PICTURE);
  const wanted = claims.map(([variant, claim]): Wanted => {
    const tell = (result: ClaimResult): string => panelOf(variant, result, GRACE_PICTURE).svg;
    return { claim, anchor: variant, onDisk: onDisk.get(variant), tell };
  });
  const found = await collectSections(wanted, request);
  const there = found.filter((section): section is Section => section !== undefined);
  const missing = claims.filter((_, n) => found[n] === undefined).map(([, claim]) => claim);
  // Half a picture would replace a whole one.
  if (missing.length > 0) return { files: [], leftOver: [], missing };
  const panels = there.map((section) => ({
    variant: variantOf(section.anchor),
    svg: renderSection(section),
  }));
  return { files: [{ path: GRACE_PICTURE, text: gracePeriodSvg(panels) }], leftOver: [], missing };
}

function variantOf(anchor: string): Variant {
  return VARIANTS.find((variant) => variant === anchor) ?? "private";
}
