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
  readonly tables: readonly PageTable[];
}

export interface PageTable {
  readonly title: string;
  readonly sentence: string;
  readonly corner: string;
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly name: string;
    readonly sentence?: string;
    readonly cells: readonly (PageCell | null | undefined)[];
  }[];
}

export interface PageCell {
  readonly text: string;
  readonly tone?: "good" | "bad" | "open";
  readonly id?: string;
}

export interface PageGraph {
  readonly names: readonly string[];
  readonly values: readonly string[];
  readonly states: readonly (readonly number[])[];
  readonly initial: readonly number[];
  readonly actions: readonly string[];
  readonly edges: readonly number[];
  readonly path?: readonly number[];
}

export interface PageBox {
  readonly step: string;
  readonly start: number;
  readonly end?: number;
  readonly observed: readonly string[];
  readonly state: "explained" | "next" | "later";
  readonly why?: string;
}

export interface PageRecorded {
  readonly lanes: readonly { readonly name: string; readonly boxes: readonly PageBox[] }[];
  readonly isHistory?: true;
  readonly before: number;
  readonly after: number;
}

export interface PageFinding {
  readonly id: string;
  readonly group: string;
  readonly headline: string;
  readonly sentence?: string;
  readonly outcome: "pass" | "fail" | "open" | "undecided" | "skipped";
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
  readonly graph?: PageGraph;
  readonly graphNote?: string;
  readonly actions?: readonly {
    readonly name: string;
    readonly place: string;
    readonly taken: number;
    readonly idle?: true;
  }[];
  readonly recorded?: PageRecorded;
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
