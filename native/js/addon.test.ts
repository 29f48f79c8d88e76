import { afterEach, describe, expect, it } from "vitest";
import { type DomainHandle, FLAVOURS, loadAddon, openAddon } from "./addon.js";
import { ReplayProcessError } from "./errors.js";

const addon = await loadAddon();
const PRIVATE_EXPEDITED = 8;

let domain: DomainHandle | undefined;
afterEach(() => {
  if (domain !== undefined) addon.domainDestroy(domain);
  domain = undefined;
});

describe("the addon", () => {
  it("gives the library to JavaScript", () => {
    domain = addon.domainCreate(2, 0);
    const reader = addon.register(domain);
    const outer = addon.readLock(reader);
    const inner = addon.readLock(reader);
    expect([outer, inner]).toEqual([true, false]);
    addon.readUnlock(reader, inner);
    addon.readUnlock(reader, outer);
    expect(addon.domainNumber(domain)).toBe(1);
    addon.synchronize(domain);
    expect(addon.domainNumber(domain)).toBe(2);
    addon.unregister(reader);
  });

  it("says which flavour a domain has", () => {
    domain = addon.domainCreate(1, FLAVOURS.indexOf("mb"));
    expect(FLAVOURS[addon.domainFlavour(domain)]).toBe("mb");
    const usual = addon.domainCreate(1, 0);
    const works = (addon.membarrierQuery() & PRIVATE_EXPEDITED) !== 0;
    expect(FLAVOURS[addon.domainFlavour(usual)]).toBe(works ? "membarrier" : "mb");
    addon.domainDestroy(usual);
  });

  it("throws the library's errors with their names", () => {
    domain = addon.domainCreate(1, 0);
    const given = domain;
    const reader = addon.register(given);
    const token = addon.readLock(reader);
    expect(() => addon.register(given)).toThrow(expect.objectContaining({ code: "EAGAIN" }));
    expect(() => addon.unregister(reader)).toThrow(expect.objectContaining({ code: "EBUSY" }));
    expect(() => addon.domainDestroy(given)).toThrow(expect.objectContaining({ code: "EBUSY" }));
    expect(() => addon.domainCreate(2 ** 20 + 1, 0)).toThrow(expect.objectContaining({ code: "EINVAL" }));
    addon.readUnlock(reader, token);
    addon.unregister(reader);
  });

  it("refuses a domain that has been destroyed, and things that are none of its own", () => {
    const gone = addon.domainCreate(1, 0);
    addon.domainDestroy(gone);
    expect(() => addon.synchronize(gone)).toThrow(/destroyed/);
    expect(() => addon.synchronize({} as DomainHandle)).toThrow(/not a handle/);
    expect(() => addon.domainCreate("many" as unknown as number, 0)).toThrow(/numbers/);
  });

  it("knows the processors", () => {
    expect(addon.cpus().length).toBeGreaterThan(0);
  });

  it("says what to do when it can't be loaded", () => {
    expect(() => openAddon("/nonesuch.node")).toThrow(ReplayProcessError);
  });
});
