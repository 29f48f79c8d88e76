import { describe, expect, it } from "vitest";
import { headerNames, parseHeader, publicHeaders, readHeaders } from "./headers.js";
import { isSignalSafe, referenceFiles, renderMap } from "./render.js";

const HEADER = `/* SPDX-License-Identifier: MIT */
/*
 * What it is for.
 *
 *   as code
 */
#ifndef X_H
#define X_H

#include "y.h"

#ifdef __cplusplus
extern "C" {
#endif

#define QS_LIMIT 4u
#define QS_DOOR(x) (x)

/* A pair. */
struct qs_pair {
	int first; /* one; { */
	void (*second)(struct qs_pair *pair);
};

/* Nothing about what is below. */

int qs_bare(void);

/*
 * Does it.
 *
 * -EINVAL: it can't. Async-signal-safe.
 */
int qs_do(struct qs_pair *pair,
	  void (*each)(struct qs_pair *pair));
int qs_undo(struct qs_pair *pair);

/* As qs_do(). */
static inline bool *qs_inline(int x)
{
	if (x) {
		return 0;
	}
	return 0;
}

/* A thing. */
extern __thread struct qs_pair *qs_thing;

/* Reads. */
#define qs_read(pointer) \\
	(*(pointer))

#endif
`;

describe("a header", () => {
  const header = parseHeader("x.h", HEADER);

  it("is read with the comments of what it declares", () => {
    expect(header.intro).toEqual(["What it is for.", "  as code"]);
    expect(
      header.items.map(({ kind, name, text, comment }) => [kind, name, text.split("\n")[0], comment]),
    ).toEqual([
      ["type", "qs_pair", "struct qs_pair {", ["A pair."]],
      ["function", "qs_bare", "int qs_bare(void);", []],
      [
        "function",
        "qs_do",
        "int qs_do(struct qs_pair *pair, void (*each)(struct qs_pair *pair));",
        ["Does it.", "-EINVAL: it can't. Async-signal-safe."],
      ],
      [
        "function",
        "qs_undo",
        "int qs_undo(struct qs_pair *pair);",
        ["Does it.", "-EINVAL: it can't. Async-signal-safe."],
      ],
      ["inline", "qs_inline", "bool *qs_inline(int x);", ["As qs_do()."]],
      ["object", "qs_thing", "extern __thread struct qs_pair *qs_thing;", ["A thing."]],
      ["macro", "qs_read", "qs_read(pointer)", ["Reads."]],
    ]);
    expect(header.items[0]?.text).toMatch(/second.*\n\};$/);
    expect(HEADER.split("\n")[(header.items[1]?.line ?? 0) - 1]).toBe("int qs_bare(void);");
  });

  it("says what signal handlers may call, also by comparison", () => {
    const safe = header.items.filter((item) => isSignalSafe(item, [header])).map(({ name }) => name);
    expect(safe).toEqual(["qs_do", "qs_undo", "qs_inline"]);
  });

  it("becomes a script, a reference and manual pages", () => {
    const files = new Map(referenceFiles([header]).map(({ path, text }) => [path.split("/").at(-1), text]));
    expect([...files.keys()]).toEqual([
      "quiesce.map",
      "REFERENCE.md",
      ...["qs_bare.3", "qs_do.3", "qs_undo.3", "qs_inline.3", "qs_read.3"],
    ]);
    expect(files.get("quiesce.map")).toContain("\tqs_bare;\n\tqs_do;\n\tqs_thing;\n\tqs_undo;\nlocal:");
    expect(files.get("REFERENCE.md")).toContain('### <a id="qs_do"></a><a id="qs_undo"></a>qs_do, qs_undo');
    expect(files.get("qs_do.3")).toContain("qs_do, qs_undo \\- Does it\n");
    expect(files.get("qs_undo.3")).toBe(".so man3/qs_do.3\n");
  });

  it("gives a script that lists what is global, and makes the rest local", () => {
    expect(renderMap(["qs_a", "qs_b"])).toMatch(
      /QUIESCE_1\.0 \{\nglobal:\n\tqs_a;\n\tqs_b;\nlocal:\n\t\*;\n\};\n$/,
    );
  });
});

/** What a comment has to say, and does not. */
function faults(headers = publicHeaders(readHeaders())): string[] {
  const all = headers.flatMap(({ name, items }) => items.map((item) => ({ ...item, header: name })));
  return all.flatMap((item) => {
    const { kind, name, text } = item;
    const comment = item.comment.join(" ");
    const where = `${item.header}:${item.line} ${name}`;
    const like = /\bAs \w+\(\)/.test(comment);
    if (kind === "type" || kind === "object") return [];
    if (comment.length < 10) return [`${where}: no comment`];
    const failing = kind !== "macro" && /^int\b/.test(text);
    return failing && !like && !/-E[A-Z]{2,}|\berrno\b|\b[Rr]eturns\b|\b0\b/.test(comment)
      ? [`${where}: it returns int, and its comment names no error`]
      : [];
  });
}

describe("the headers' comments", () => {
  it("say what each function is for, and what an int that it returns may be", () => {
    expect(faults()).toEqual([]);
  });

  it("would be noticed if they didn't", () => {
    const bad = parseHeader("x.h", "/* Does it well. */\nint qs_a(void);\n\nvoid qs_b(void);\n");
    expect(faults([bad])).toEqual([
      "x.h:2 qs_a: it returns int, and its comment names no error",
      "x.h:4 qs_b: no comment",
    ]);
  });

  it("say for all functions what a signal handler and fork() mean for them", () => {
    const main = readHeaders().find(({ name }) => name === "quiesce.h");
    const intro = main?.intro.join(" ") ?? "";
    for (const word of ["async-signal-safe only where", "fork()", "negative errno"])
      expect(intro).toContain(word);
  });

  it("say of each header what it is for", () => {
    for (const { name, intro } of readHeaders()) expect(intro.join(" ").length, name).toBeGreaterThan(40);
    expect(headerNames()).toContain("quiesce.hpp");
  });
});
