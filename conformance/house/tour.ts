import type { Claim } from "../../spec/tlc/claim/claim.js";
import type { Violation } from "./rules.js";

/** The tour that a newcomer takes passes every topic, and every ordering point's claim. */
export function tourPassesAll(
  claims: readonly Claim[],
  letters: readonly { readonly letter: string; readonly claim: string }[],
): Violation[] {
  const tour = claims.filter(({ tour }) => tour);
  const topicOf = ({ id }: Claim): string => id.split("/").slice(0, -1).join("/");
  const decided = claims.filter(({ set }) => set === "ci");
  const topics = [...new Set(decided.map(topicOf))].filter(
    (topic) => !tour.some((c) => topicOf(c) === topic),
  );
  const missing = letters.filter(
    ({ claim }) => !tour.some(({ id }) => id === claim || id.startsWith(`${claim}.`)),
  );
  return [
    ...topics.map((topic) => ({ where: topic, reason: "no claim of this topic is on the tour" })),
    ...missing.map(({ letter, claim }) => ({ where: claim, reason: `letter ${letter} is not on the tour` })),
    ...tour
      .filter(({ set }) => set === "full")
      .map(({ id }) => ({ where: id, reason: "the tour decides the ci set" })),
  ];
}
