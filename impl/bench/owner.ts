import { type MessagePort, workerData } from "node:worker_threads";

/** The thread that owns the data, and answers whoever asks for it. */
const { ports, words } = workerData as { readonly ports: readonly MessagePort[]; readonly words: Int32Array };
for (const port of ports) port.on("message", () => port.postMessage(words[0]));
