import { parentPort } from "node:worker_threads";
import type { Seen } from "../litmus/answers.js";
import { compileTest } from "../litmus/compile.js";
import type { Order } from "../litmus/model.js";
import { parseLitmus } from "../litmus/parser.js";
import type { Explanation } from "../litmus/result.js";
import { decideByAxioms } from "./decide.js";
import { explainByAxioms } from "./explain.js";

/** What a worker is asked: a test as it is written, which it has to read again, and what to decide. */
export interface Question {
  readonly text: string;
  readonly orders: readonly Order[];
  readonly timeoutMs: number;
  /** Are reasons asked for, too? */
  readonly explain: boolean;
}

/** Its answer. */
export interface Answer {
  readonly seen: Seen;
  readonly explained: readonly Explanation[];
}

parentPort?.on("message", ({ text, orders, timeoutMs, explain }: Question) => {
  const test = compileTest(parseLitmus(text));
  const seen = decideByAxioms(test, orders, { timeoutMs });
  const explained =
    explain && "cases" in seen ? orders.map((order) => explainByAxioms(test, order, timeoutMs)) : [];
  const answer: Answer = { seen, explained };
  parentPort?.postMessage(answer);
});
