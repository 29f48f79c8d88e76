import { parentPort, workerData } from "node:worker_threads";
import { coverShape, type GraphShape } from "./cover-shape.js";

// In a separate thread, since covering computes for seconds, during which Ctrl-C must work.
const { shape, maxLength } = workerData as { readonly shape: GraphShape; readonly maxLength: number };
parentPort?.postMessage(coverShape(shape, maxLength));
