import { BadInputError } from "../base/errors.js";
import type { Claim } from "./claim.js";

/** One of the parts that some claims are divided into, for as many machines. */
export interface Share {
  /** From 1 to `of`. */
  readonly part: number;
  readonly of: number;
}

/**
 * The claims of one share, in their order. The claims are dealt out like cards, the largest first, so that each share
 * has its part of the large ones; every claim is in exactly one share.
 *
 * @throws BadInputError when there are fewer claims than shares, and this one gets none
 */
export function shareOf(claims: readonly Claim[], { part, of }: Share): readonly Claim[] {
  // Without declared states it may be a large one.
  const size = ({ declared }: Claim): number => declared.states ?? Number.MAX_SAFE_INTEGER;
  const dealt = claims.toSorted((a, b) => size(b) - size(a) || (a.id < b.id ? -1 : 1));
  const own = new Set(dealt.filter((_, i) => i % of === part - 1));
  if (own.size === 0)
    throw new BadInputError(`share ${part}/${of} is empty: there are only ${claims.length} claims`);
  return claims.filter((claim) => own.has(claim));
}
