import type { Ask, Driver as Shape, Taken, Words, World } from "../drive/driver.js";
import { Queue } from "./queue.js";

/** Drives queue.ts along the specification's paths. */
export class Driver implements Shape {
  #queue = new Queue(1);
  #got: Record<string, number> = {};

  begin({ constants, lanes }: World): void {
    this.#queue = new Queue(Number(constants["Capacity"]));
    const consumers = lanes.filter(({ kind }) => kind === "consumer");
    this.#got = Object.fromEntries(consumers.map(({ value }) => [`got.${value}`, 0]));
  }

  step({ step, lane, with: given }: Ask): Taken {
    switch (step) {
      case "Put":
        return this.#queue.put(Number(given["v"])) ? "done" : "refused";
      case "Get": {
        const value = this.#queue.get();
        if (value === undefined) return "refused";
        this.#got[`got.${lane}`] = value;
        return "done";
      }
      default:
        return "unknown";
    }
  }

  look(): Words {
    return { items: this.#queue.items(), ...this.#got };
  }
}
