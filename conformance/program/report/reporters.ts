import { html } from "./html.js";
import { junit } from "./junit.js";
import { markdown } from "./markdown.js";
import type { Reporter } from "./reporter.js";
import { sarif } from "./sarif.js";

/** The formats that are the same for every command, by name: a new one is a file and a row. */
export const REPORTERS: readonly Reporter[] = [junit, sarif, markdown, html];
