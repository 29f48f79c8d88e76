import { parentPort, workerData } from "node:worker_threads";
import { coverShape, type GraphShape } from "./cover-shape.js";

// A thread of its own: covering takes seconds of computing, during which Ctrl-C must be heard.
const { shape, maxLength } = workerData as { readonly shape: GraphShape; readonly maxLength: number };
parentPort?.postMessage(coverShape(shape, maxLength));
