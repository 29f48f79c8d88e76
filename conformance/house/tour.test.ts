import { expect, it } from "vitest";
import { readClaims } from "../../spec/tlc/claim/claim.js";
import { readLetters } from "../base/letters.js";
import { specRoot } from "../base/root.js";
import { tourPassesAll } from "./tour.js";

const letters = readLetters(specRoot);
const { claims } = await readClaims([], specRoot);

it("the tour passes every topic and every letter", () => expect(tourPassesAll(claims, letters)).toEqual([]));

it("would notice a topic, or a letter, that the tour leaves out", () => {
  const withoutQsbr = claims.filter(({ id, tour }) => !(tour && id.startsWith("rcu/qsbr/")));
  expect(tourPassesAll(withoutQsbr, letters).map(({ where }) => where)).toEqual(["rcu/qsbr"]);
  const withoutA = claims.filter(
    ({ id, tour }) => !(tour && id.startsWith("rcu/read-side/number-no-fence-a")),
  );
  expect(tourPassesAll(withoutA, letters).map(({ where }) => where)).toEqual([
    "rcu/read-side/number-no-fence-a",
  ]);
});
