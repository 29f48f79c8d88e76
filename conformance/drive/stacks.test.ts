import { describe, expect, it } from "vitest";
import { withoutHosts } from "./stacks.js";

const pool = ["Thread 3 (node)", "#0  futex_wait ()", "#1  uv_cond_wait ()", "#2  worker ()"];
const lane = [
  "Thread 2 (node)",
  "#0  poll ()",
  "#1  call_rcu_before_fork ()",
  "#2  perform (order=ORDER_STEP)",
];
const main = [
  "Thread 1 (node)",
  "#0  lock ()",
  "#1  rcu_barrier ()",
  "#2  qs_host_end ()",
  "#3  node::Start ()",
];

describe("withoutHosts", () => {
  it("leaves out the threads that Node has for itself, and no thread that is in a driver", () => {
    expect(withoutHosts([...pool, ...lane, ...main])).toEqual([...lane, ...main]);
  });

  it("keeps all where there is nothing else", () => {
    expect(withoutHosts(pool)).toEqual(pool);
  });
});
