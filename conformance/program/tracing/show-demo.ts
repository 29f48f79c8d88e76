import type { Spread } from "../speed/figures.js";
import type { DemoResult } from "./demo.js";
import { showChange, showRecorded } from "./show.js";
import { laneName } from "./timeline.js";

const rate = (value: number): string => Math.round(value).toLocaleString("en-US").padStart(11);

/** What the demo has seen, for a person. */
export function showDemo(result: DemoResult): string {
  const { off, on, offAgain, enabled, recorded, timeline, svg, html, recording } = result;
  const row = (name: string, { min, median, max }: Spread): string =>
    `  ${name.padEnd(28)}${rate(min)}${rate(median)}${rate(max)}`;
  const cost = (100 * (off.median - on.median)) / off.median;
  return [
    "Requests a second                     min     median        max",
    row("tracing off", off),
    row("on, and recorded to disk", on),
    row("off again", offAgain),
    on.median >= off.min
      ? "  The difference is smaller than what the machine does by itself: see the minima and maxima."
      : `  Recording cost ${cost.toFixed(1)} % of the requests, by the medians.`,
    "",
    `Enabling: ${showChange(enabled)}`,
    `Recorded: ${showRecorded(recorded)}`,
    ...timeline.names.map(
      ({ name, count }) => `  ${name.padEnd(28)}${count.toLocaleString("en-US").padStart(11)}`,
    ),
    ...timeline.lanes.map((lane) => `  ${laneName(lane)}`),
    "",
    `Pictures of the first ${timeline.events.length.toLocaleString("en-US")} events:`,
    `  ${svg}`,
    `  ${html}`,
    `The recording: quiesce trace view ${recording}`,
  ].join("\n");
}
