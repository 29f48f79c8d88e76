import { answer, type Question } from "./decide.js";

/** Decides beside the page, so that typing never waits. */
addEventListener("message", ({ data }: MessageEvent<Question>) => {
  postMessage(answer(data));
});
