import type { Claim } from "../../../spec/tlc/claim/claim.js";
import type { CheckEvent } from "../../../spec/tlc/decide/check.js";
import type { WorkerHost } from "../../../spec/tlc/distributed/worker-host.js";
import type { DistributedEvent } from "../../../spec/tlc/distributed/workers.js";
import type { Progress } from "../../base/terminal.js";
import type { CheckRequest } from "./run.js";

/** How TLC's distributed mode is used, and what it reports to a person. */
export function distributedOf({ port, progress }: CheckRequest, workers: readonly WorkerHost[]) {
  return {
    hosts: workers,
    ...(port !== undefined && { port }),
    onEvent(event: DistributedEvent): void {
      if (event.kind === "ready") {
        const { host, port } = event.server;
        const join = workers.some(({ kind }) => kind === "join");
        const how = join ? `; join it with:  quiesce worker ${host}:${port}` : "";
        progress.line(`TLC's server is at ${host}:${port}${how}`);
      } else if (event.kind === "again") {
        progress.line("Something goes wrong in the model. Running it here for the counterexample.");
      } else if (event.kind === "over") {
        progress.line(`TLC's server is starting over: ${event.reason}`);
      } else if (event.kind === "ended") {
        progress.line(`A worker on ${event.host} ended: ${event.reason}`);
      } else if (event.kind === "lost") {
        progress.line(`Lost a worker; others take over its work (${event.workers} left)`);
      }
    },
  };
}

/** Live lines while claims are checked: how many are done, which are running, and for how long. */
export function watchProgress(claims: readonly Claim[], progress: Progress) {
  const started = performance.now();
  const running = new Map<string, { since: number; states: number }>();
  let done = 0;
  const show = (): void => {
    const seconds = Math.round((performance.now() - started) / 1000);
    const head = `Claims  ${done} of ${claims.length}   ${seconds} s`;
    const width = Math.max(...[...running.keys()].map((id) => id.length));
    const lines = [...running].map(([id, { since, states }]) => {
      const age = ((performance.now() - since) / 1000).toFixed(1);
      return `  ${id.padEnd(width)}   ${age} s${states > 0 ? `   ${states.toLocaleString("en-US")} states` : ""}`;
    });
    progress.update([head, ...lines], head);
  };
  const timer = setInterval(show, 200);
  return {
    event(event: CheckEvent): void {
      if (event.kind === "finished") {
        running.delete(event.result.claim.id);
        done++;
      } else {
        if (event.kind === "resumed") {
          const states = event.states.toLocaleString("en-US");
          progress.line(`${event.claim.id}: resumed an interrupted run at ${states} states`);
        }
        const states = event.kind === "progress" ? event.progress.distinct : 0;
        const since = running.get(event.claim.id)?.since ?? performance.now();
        running.set(event.claim.id, { since, states });
      }
      show();
    },
    end(): void {
      clearInterval(timer);
      progress.done();
    },
  };
}
