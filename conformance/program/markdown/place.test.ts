import { describe, expect, it } from "vitest";
import { linkTo, pageOf, relativeLink } from "./place.js";

const row = { id: "litmus/StoreBuffering.FALSE.pso", file: "/x/spec/litmus/StoreBuffering.cfg" };

describe("pageOf", () => {
  it("gives each configuration a page and each row of a sweep an anchor", () => {
    expect(pageOf(row)).toEqual({
      path: "spec/generated/claims/litmus/StoreBuffering.md",
      anchor: "FALSE.pso",
    });
    expect(pageOf({ id: "rcu/Urcu", file: "/x/spec/rcu/Urcu.cfg" })).toEqual({
      path: "spec/generated/claims/rcu/Urcu.md",
      anchor: "",
    });
  });

  it("distinguishes a dot in the file's name from one in the row's suffix", () => {
    expect(pageOf({ id: "a/v1.2.weak.TRUE", file: "/x/spec/a/v1.2.cfg" })).toEqual({
      path: "spec/generated/claims/a/v1.2.md",
      anchor: "weak.TRUE",
    });
  });
});

describe("links", () => {
  it("are relative to the page that they are on", () => {
    expect(linkTo(row, "spec/generated/matrix.md")).toBe("claims/litmus/StoreBuffering.md#FALSE.pso");
    expect(linkTo(row, "README.md")).toBe("spec/generated/claims/litmus/StoreBuffering.md#FALSE.pso");
    expect(relativeLink("spec/rcu/Urcu.tla", "spec/generated/claims/rcu/Urcu.md")).toBe(
      "../../../rcu/Urcu.tla",
    );
  });

  it("survive brackets, spaces and letters of any script", () => {
    expect(relativeLink("a b/c(1).md", "README.md")).toBe("a%20b/c%281%29.md");
    expect(linkTo({ id: "x.größe_1", file: "/spec/x.cfg" }, "README.md")).toBe(
      "spec/generated/claims/x.md#gr%C3%B6%C3%9Fe_1",
    );
  });
});
