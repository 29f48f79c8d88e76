import { createHash } from "node:crypto";
import { pathToFileURL } from "node:url";
import { version } from "../../base/root.js";
import { isInside, shownPath } from "./path.js";
import type { Reporter } from "./reporter.js";
import { type Finding, headline, isGood, type Place, type Results, type Step, toldOf } from "./results.js";

/** What GitHub and others show of one run, at most; the schema has no limit. */
const MOST_RESULTS = 5_000;
const MOST_STEPS = 1_000;

/**
 * SARIF 2.1.0, for code scanning: what is different or not certain, and, as notes, what was found violated where
 * nothing is declared; each at its place, with the steps that lead there.
 */
export const sarif: Reporter = {
  name: "sarif",
  description: "SARIF 2.1.0, for GitHub's code scanning and editors",
  report(results, folder) {
    // What is cut off at the limit are the notes.
    const shown = toldOf(results.findings);
    const log = {
      $schema: "https://json.schemastore.org/sarif-2.1.0.json",
      version: "2.1.0",
      runs: [
        {
          tool: {
            driver: {
              name: "Quiesce",
              version: version(),
              semanticVersion: version(),
              rules: RULES,
            },
          },
          automationDetails: { id: `quiesce/${results.command}/` },
          originalUriBaseIds: { SRCROOT: { uri: `${pathToFileURL(folder).href.replace(/\/$/, "")}/` } },
          columnKind: "unicodeCodePoints",
          invocations: [invocationOf(results, folder, shown.length)],
          results: shown.slice(0, MOST_RESULTS).map((one) => resultOf(one, folder)),
          properties: {
            seconds: results.seconds,
            decided: results.findings.filter(({ outcome }) => outcome !== "undecided").length,
            asExpected: results.findings.filter(({ outcome }) => outcome === "pass").length,
          },
        },
      ],
    };
    return `${JSON.stringify(log, null, 2)}\n`;
  },
};

const RULES = [
  {
    id: "not-as-declared",
    shortDescription: { text: "What was found differs from what is declared" },
    fullDescription: {
      text: "A claim, a test or an implementation came out otherwise than its declaration or its specification says.",
    },
    defaultConfiguration: { level: "error" },
  },
  {
    id: "inconclusive",
    shortDescription: { text: "No certain verdict" },
    fullDescription: {
      text: "It could not be decided: an error in the model, a limit that was met, or answers that contradict each other.",
    },
    defaultConfiguration: { level: "error" },
  },
  {
    id: "found-violated",
    shortDescription: { text: "Violated, and nothing is declared" },
    fullDescription: { text: "A property is violated, and no header says whether that is meant." },
    defaultConfiguration: { level: "note" },
  },
];

function invocationOf(results: Results, folder: string, shown: number): object {
  const { problems, endedEarly } = results;
  const undecided = results.findings.filter(({ outcome }) => outcome === "undecided").length;
  const notifications = [
    ...problems.map(({ message, hint, place }) => ({
      level: "error",
      message: { text: hint === undefined ? message : `${message}\n${hint}` },
      ...(place && { locations: [locationOf(place, folder)] }),
    })),
    ...(endedEarly === undefined
      ? []
      : [
          {
            level: "error",
            message: { text: `The run ended early (${endedEarly}): ${undecided} not decided.` },
          },
        ]),
    ...(shown > MOST_RESULTS
      ? [{ level: "warning", message: { text: `${shown - MOST_RESULTS} more results are left out here.` } }]
      : []),
    ...results.notes.map((text) => ({ level: "note", message: { text } })),
  ];
  return {
    executionSuccessful: problems.length === 0 && endedEarly === undefined,
    ...(notifications.length > 0 && { toolExecutionNotifications: notifications }),
    properties: { good: isGood(results) },
  };
}

function resultOf(finding: Finding, folder: string): object {
  const rule = finding.outcome === "fail" ? 0 : finding.outcome === "found" ? 2 : 1;
  const { sentence, reason, detail, command, place, steps, states, depth } = finding;
  const more = [sentence, reason, detail, command && `Show it:  ${command}`];
  const text = [headline(finding), ...more.filter((part) => part !== undefined && part !== "")].join("\n\n");
  return {
    ruleId: RULES[rule]?.id,
    ruleIndex: rule,
    level: RULES[rule]?.defaultConfiguration.level,
    message: { text },
    locations: place === undefined ? [] : [locationOf(place, folder)],
    partialFingerprints: {
      "quiesceFinding/v1": createHash("sha256").update(`${finding.group}\0${finding.id}`).digest("hex"),
    },
    ...(steps &&
      steps.length > 0 && {
        codeFlows: [{ threadFlows: [{ locations: steps.slice(0, MOST_STEPS).map(stepOf(folder, place)) }] }],
      }),
    properties: {
      id: finding.id,
      verdict: finding.verdict,
      declared: finding.declared,
      violated: finding.violated,
      seconds: finding.seconds,
      states,
      depth,
    },
  };
}

/** A step of which no place is known stands where the finding stands: viewers leave out what has no place. */
function stepOf(folder: string, fallback: Place | undefined) {
  return ({ action, place, changes }: Step, index: number): object => {
    const at = place ?? fallback;
    const text = [action, ...changes].join("\n");
    return {
      executionOrder: index + 1,
      location: { ...(at && locationOf(at, folder)), message: { text } },
    };
  };
}

function locationOf({ file, line, column, endLine, endColumn }: Place, folder: string): object {
  const uri = isInside(file, folder)
    ? { uri: encodeURI(shownPath(file, folder)).replace(/[?#]/g, encodeURIComponent), uriBaseId: "SRCROOT" }
    : { uri: pathToFileURL(file).href };
  return {
    physicalLocation: {
      artifactLocation: uri,
      ...(line !== undefined && {
        region: {
          startLine: line,
          ...(column !== undefined && { startColumn: column }),
          ...(endLine !== undefined && { endLine }),
          // Ours is the last column of it, SARIF's the one behind.
          ...(endColumn !== undefined && { endColumn: endColumn + 1 }),
        },
      }),
    },
  };
}
