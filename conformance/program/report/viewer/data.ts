import type { ActionTaken, Graph, Recorded, Table } from "./views.js";

/** What the page is made of: results.ts, with paths and times as they are shown. Plain data, written into the page. */
export interface PageData {
  readonly title: string;
  readonly command: string;
  readonly version: string;
  readonly when: string;
  readonly good: boolean;
  readonly total: string;
  readonly seconds: number;
  readonly notes: readonly string[];
  readonly problems: readonly { readonly message: string; readonly place?: string }[];
  readonly findings: readonly PageFinding[];
  readonly tables: readonly Table[];
}

export interface PageFinding {
  readonly id: string;
  readonly group: string;
  readonly headline: string;
  readonly sentence?: string;
  readonly outcome: "pass" | "found" | "fail" | "open" | "undecided" | "skipped";
  readonly verdict: string;
  readonly declared?: string;
  readonly violated?: string;
  readonly place?: string;
  readonly reason?: string;
  readonly detail?: string;
  readonly command?: string;
  readonly seconds: number;
  readonly states?: number;
  readonly depth?: number;
  readonly run?: PageRun;
  readonly graph?: Graph;
  readonly graphNote?: string;
  readonly actions?: readonly ActionTaken[];
  readonly recorded?: Recorded;
}

export interface PageRun {
  readonly sequence: {
    readonly participants: readonly string[];
    readonly start?: string;
    readonly steps: readonly (readonly PagePart[])[];
    readonly repeatsFrom?: number;
    readonly after: readonly { readonly over?: number; readonly lines: readonly string[] }[];
    readonly broken: string;
  };
  readonly states: readonly Readonly<Record<string, string>>[];
}

export type PagePart =
  | { readonly from: number; readonly to: number; readonly arrow: string; readonly lines: readonly string[] }
  | { readonly over?: number; readonly lines: readonly string[] };
