// A process that drives one target along its share of a plan's paths. It may crash or hang: that is why it is one.
import { writeSync } from "node:fs";
import { codeOf, messageOf } from "../../../spec/tlc/base/errors.js";
import { openAddon } from "../addon.js";
import { type Answer, type Job, PLAN_DESCRIPTOR, PROGRESS_DESCRIPTOR, readPlan } from "./job.js";

function write(answer: Answer): void {
  // On a line of its own: the target may have printed something.
  const text = Buffer.from(`\n${JSON.stringify(answer)}`);
  for (let done = 0; done < text.length; ) done += writeSync(1, text, done);
}

const job = JSON.parse(process.argv[2] ?? "{}") as Job;
const { token } = job;
const addon = openAddon(job.addon);
addon.becomeShard(job.parent);
try {
  write({ token, result: addon.replay(readPlan(job, PLAN_DESCRIPTOR), job.options, PROGRESS_DESCRIPTOR) });
} catch (error) {
  write({ token, error: messageOf(error), refused: codeOf(error) === "EPROTO" });
}
addon.exitNow(0);
