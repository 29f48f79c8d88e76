import { shownPath } from "./path.js";
import { headline, isNews, type Place, type Results, toldOf } from "./results.js";

/** GitHub shows so many of a step; the rest stands in the job's summary. */
export const MOST_ANNOTATIONS = 10;

/**
 * What is different, not certain or not read, as commands to GitHub's runner, one a line: it shows them beside the lines
 * of a pull request. What is violated where nothing is declared is a notice. Each is escaped, so that nothing in it is
 * a command of its own.
 */
export function annotations(results: Results, folder: string): string {
  const all = [
    ...results.problems.map(({ message, place, hint }) => ({
      kind: "error",
      title: "not read",
      message: hint === undefined ? message : `${message}\n${hint}`,
      place,
    })),
    ...toldOf(results.findings).map((one) => ({
      kind: isNews(one) ? "notice" : "error",
      title: one.id,
      message: [headline(one), one.sentence, one.command && `Show it:  ${one.command}`]
        .filter((part) => part !== undefined && part !== "")
        .join("\n"),
      place: one.place,
    })),
    ...(results.endedEarly === undefined
      ? []
      : [
          {
            kind: "error",
            title: `quiesce ${results.command}`,
            message: `ended early: ${results.endedEarly}`,
            place: undefined,
          },
        ]),
  ];
  return all
    .slice(0, MOST_ANNOTATIONS)
    .map(
      ({ kind, title, message, place }) =>
        `::${kind} ${properties(title, place, folder)}::${data(message)}\n`,
    )
    .join("");
}

function properties(title: string, place: Place | undefined, folder: string): string {
  const at =
    place === undefined
      ? []
      : [
          ["file", shownPath(place.file, folder)],
          ["line", place.line],
          ["endLine", place.endLine],
          // GitHub refuses columns of what spans lines.
          ...(place.endLine === undefined || place.endLine === place.line ? [["col", place.column]] : []),
        ];
  return [...at, ["title", title]]
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${property(String(value))}`)
    .join(",");
}

function data(text: string): string {
  return text.replace(/[%\r\n]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}

function property(text: string): string {
  return data(text).replace(/[:,]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
