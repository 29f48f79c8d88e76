import { describe, expect, it } from "vitest";
import { javaEnvironment, readChoices, whyUnstarted, withoutNotices, wordsOf } from "./java-choices.js";
import { jvmArguments } from "./jvm.js";

const line = (type: string, name: string, value: string, origin: string): string =>
  `   ${type} ${name.padEnd(40)} = ${value.padEnd(40)} {product} {${origin}}`;

const ERGONOMIC = [
  line("size_t", "InitialHeapSize", "394264576", "ergonomic"),
  line("size_t", "MaxHeapSize", "104857600", "ergonomic"),
  line("bool", "UseSerialGC", "true", "ergonomic"),
  line("bool", "UseMaximumCompactionOnSystemGC", "true", "command line"),
];

describe("what the person has chosen for every Java", () => {
  it("is nothing where Java has worked it all out itself", () => {
    expect(readChoices(ERGONOMIC.join("\n"))).toEqual({ collector: false });
  });

  it.each(["environment", "command line", "config file"])("is a collector, from the %s", (origin) => {
    const text = [...ERGONOMIC, line("bool", "UseZGC", "true", origin)].join("\n");
    expect(readChoices(text)).toMatchObject({ collector: true });
    const refused = [...ERGONOMIC, line("bool", "UseG1GC", "false", origin)].join("\n");
    expect(readChoices(refused)).toMatchObject({ collector: false });
  });

  it("is a bound of the heap, also as a share of the memory, and a smallest heap", () => {
    const share = [...ERGONOMIC, line("double", "MaxRAMPercentage", "2.000000", "environment")].join("\n");
    expect(readChoices(share)).toEqual({ collector: false, heapMiB: 100 });
    const least = line("size_t", "InitialHeapSize", "314572801", "command line");
    expect(readChoices(least)).toEqual({ collector: false, leastHeapMiB: 301 });
  });

  it("is what ours give way to: the collector, and a bound below the smallest heap", () => {
    const java = { command: "java", version: "17", major: 17, build: "" };
    const options = { jar: { path: "/jar" }, temporary: "/tmp", heapMiB: 256, short: true };
    const plain = jvmArguments({ ...options, java }, "Main", []);
    expect(plain).toEqual(expect.arrayContaining(["-XX:+UseSerialGC", "-Xmx256m"]));
    const choices = { collector: true, leastHeapMiB: 301 };
    const yielding = jvmArguments({ ...options, java: { ...java, choices } }, "Main", []);
    expect(yielding).not.toContain("-XX:+UseSerialGC");
    expect(yielding).toContain("-Xmx301m");
  });
});

describe("the environment of our Javas", () => {
  it("gives _JAVA_OPTIONS the rank of JAVA_TOOL_OPTIONS, below our own folders", () => {
    expect(javaEnvironment({ JAVA_TOOL_OPTIONS: " -Xa ", _JAVA_OPTIONS: "-Djava.io.tmpdir=/x" })).toEqual({
      LC_ALL: "C.UTF-8",
      JAVA_TOOL_OPTIONS: "-Xa -Djava.io.tmpdir=/x",
      _JAVA_OPTIONS: undefined,
    });
    expect(javaEnvironment({ JAVA_TOOL_OPTIONS: "-Xa" })).toEqual({ LC_ALL: "C.UTF-8" });
  });
});

describe("Java's words", () => {
  const said = "Picked up JAVA_TOOL_OPTIONS: -x\nError occurred during initialization of VM\nToo large\n";

  it("are those that say why it did not start", () => {
    expect(wordsOf(said)).toBe("Too large");
    expect(whyUnstarted(said)).toBe("Too large");
    expect(whyUnstarted("Picked up _JAVA_OPTIONS: -x\nError: TLC found a mistake")).toBeUndefined();
    expect(withoutNotices(`NOTE: ${said}`)).toBe(said.replace(/^.*\n/, ""));
  });

  it("are not its warnings of how TLC uses it, which are the last that a killed one has said", () => {
    const old = [
      "WARNING: An illegal reflective access operation has occurred",
      "WARNING: Illegal reflective access by tlc2.Name (file:/tla2tools.jar) to field java.util.Name.field",
      "WARNING: Please consider reporting this to the maintainers of tlc2.Name",
      "WARNING: Use --illegal-access=warn to enable warnings of further illegal reflective access operations",
      "WARNING: All illegal access operations will be denied in a future release",
    ];
    const young = [
      "WARNING: A terminally deprecated method in sun.misc.Unsafe has been called",
      "WARNING: sun.misc.Unsafe::putByte has been called by tlc2.Name (file:/tla2tools.jar)",
      "WARNING: sun.misc.Unsafe::putByte will be removed in a future release",
    ];
    expect(withoutNotices([...old, ...young].join("\n"))).toBe("");
    expect(withoutNotices(`${old.join("\n")}\nWARNING: the disk is full\n`)).toBe(
      "WARNING: the disk is full\n",
    );
  });
});
