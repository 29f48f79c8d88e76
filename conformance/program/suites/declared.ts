import { checkClaims } from "../../../spec/tlc/decide/check.js";
import { declaredTest, suiteOf } from "../../mutants/matrix.js";
import { killed, MISSED, open, type Suite } from "./suite.js";
import { implTexts, sourcesOf, specificationTexts } from "./texts.js";

/** The implementation's own test that is declared to kill a mutant; others are not run on it. */
export const test: Suite = {
  name: "test",
  about: "the implementation's own test that is declared to kill it; no other test is run",
  version: 1,
  part({ subject }) {
    if ((subject.kind !== "native" && subject.kind !== "impl") || suiteOf(subject.mutant) !== "test")
      return undefined;
    return {
      depends: async () => [
        subject.mutant.killer,
        subject.kind === "impl" ? implTexts() : await sourcesOf("test", "replay"),
        subject.kind === "native" ? subject.change : [],
      ],
      async run({ signal }) {
        const outcome = await declaredTest(subject, signal);
        if (outcome === undefined) return undefined;
        return outcome.failed ? killed(outcome.test) : MISSED;
      },
    };
  },
};

/** TLC decides the claims about the same change in the specification. */
export const claim: Suite = {
  name: "claim",
  about:
    "the same change in the specification, under a claim that must be violated then; without one of its own, nothing",
  version: 1,
  part({ claims }) {
    if (claims.length === 0) return undefined;
    return {
      depends: async () => [claims.map(({ id }) => id), specificationTexts()],
      async run({ signal, tools }) {
        const results = await checkClaims(claims, await tools(), { signal, cache: false, parallel: 1 });
        const wrong = results.find(({ asDeclared }) => !asDeclared);
        if (wrong !== undefined)
          return open(`${wrong.claim.id} is not as declared: ${wrong.reason ?? wrong.verdict}`);
        const found = results.find(({ verdict }) => verdict === "violated" || verdict === "allowed");
        return found === undefined ? MISSED : killed(`${found.claim.id} is violated`);
      },
    };
  },
};
