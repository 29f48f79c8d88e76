import { describe, expect, it } from "vitest";
import type { ViewedItem } from "../../../native/js/tracing/index.js";
import { jsonIn, timelinePage } from "./page.js";
import { timelineSvg } from "./svg.js";
import { Spans, ticks, timelineOf, timeText } from "./timeline.js";

const EVIL = `</script><img src=x onerror=alert(1)>"'&\u2028\u001b[31m`;

function item(name: string, ms: number, thread: number, text = EVIL): ViewedItem {
  return {
    kind: "event",
    time: BigInt(ms) * 1_000_000n,
    event: { name, level: 6 },
    fields: { fields: new Map([["_text", { text }]]), counts: new Set() },
    thread,
    cpu: undefined,
    process: { folder: "f", program: EVIL, pid: 7 },
  };
}

async function* all(...items: ViewedItem[]): AsyncGenerator<ViewedItem> {
  yield* items;
}

const items = [
  item("p:x_begin", 0, 1),
  item(`p:${EVIL}`, 1, 2),
  item("p:x_end", 5, 1),
  item("p:x_end", 9, 2),
];

describe("a picture", () => {
  it("has nothing that a name or a string could begin or end", async () => {
    const timeline = await timelineOf(all(...items), { most: 10, withFields: true });
    const page = timelinePage(timeline, EVIL);
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.match(/<\/script/g)).toHaveLength(2);
    expect(page).not.toContain("<img");
    const data = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? "";
    expect(JSON.parse(data).text[0]).toContain("</script><img");
    const svg = timelineSvg(timeline, EVIL);
    for (const bad of ["<img", "<script", "\u001b"]) expect(svg).not.toContain(bad);
    expect(jsonIn("</x\u2028")).toBe('"\\u003c/x\\u2028"');
  });

  it("has a bar from an event to the one that ends it, and none over what was lost", async () => {
    const timeline = await timelineOf(all(...items), { most: 10, withFields: false });
    expect(timeline.spans).toEqual([{ lane: 0, name: 0, from: 0, to: 5_000_000, depth: 0 }]);
    const spans = new Spans();
    const at = (time: number, name: number) => ({ at: time, lane: 0, name, text: "" });
    spans.event(at(0, 0), "x_entry");
    spans.event(at(1, 1), "y_start");
    spans.event(at(2, 2), "x_exit");
    spans.event(at(3, 0), "x_entry");
    spans.lost(0);
    spans.event(at(4, 2), "x_exit");
    expect(spans.found).toEqual([{ lane: 0, name: 0, from: 0, to: 2, depth: 0 }]);
  });

  it("takes so many events, and counts the others", async () => {
    const timeline = await timelineOf(all(...items), { most: 1, withFields: false });
    expect([timeline.events.length, timeline.left, timeline.lanes.length]).toEqual([1, 3, 2]);
    expect(timelineSvg(timeline, "t")).toContain("3 later events are not shown");
    const nothing = await timelineOf(all(), { most: 1, withFields: false });
    expect(timelineSvg(nothing, "t")).toContain("<svg");
    expect(timelinePage(nothing, "t")).toContain("0 events of 0 threads");
  });

  it("has round numbers on its axis", () => {
    expect(ticks(371_000_000, 8).map(timeText)).toEqual([
      "0 ns",
      "50 ms",
      "100 ms",
      "150 ms",
      "200 ms",
      "250 ms",
      "300 ms",
      "350 ms",
    ]);
    expect(ticks(0, 8)).toEqual([0]);
  });
});
