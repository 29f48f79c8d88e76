import { BadInputError } from "../../spec/tlc/base/errors.js";

/** What a reader of a guide does, in the guide's order: make a file, or run a command. */
export type GuideStep =
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  | {
      readonly kind: "command";
      readonly command: string;
      /** Lines that must be among what it prints. */
      readonly lines: readonly string[];
      readonly code: number;
    };

const COMMANDS = new Set(["console", "sh", "bash", "shell"]);
const FENCE = /^(?:<!-- example: (\S+) -->\n)?```(\w*)\n([\s\S]*?)^```$/gm;

/**
 * The steps of a guide. `<!-- example: PATH -->` above a fence makes it a file; in a fence of the kind console, a line
 * that begins with `$ ` is a command, those below it are among its output, and `exit N` is its exit code, if not 0.
 * @throws BadInputError for commands in a fence of another kind, or indented: nobody would run them
 */
export function guideSteps(page: string, text: string): GuideStep[] {
  const indented = text.split("\n").findIndex((line) => /^(?: {4,}|\t)\$ /.test(line));
  if (indented >= 0)
    throw new BadInputError(`${page}:${indented + 1} has a command that is indented, which no test runs.`, {
      hint: "Put it between ```console and ```.",
    });
  return [...text.matchAll(FENCE)].flatMap(([fence, path, kind = "", body = ""]): GuideStep[] => {
    if (path !== undefined) return [{ kind: "file", path, text: body }];
    if (!COMMANDS.has(kind)) return [];
    if (kind !== "console" || !body.startsWith("$ "))
      throw new BadInputError(
        `${page} has commands that no test can tell from their output:\n${fence.trim()}`,
        {
          hint: 'Put them between ```console and ```, each after "$ ".',
        },
      );
    return body
      .split(/^\$ /m)
      .filter((part) => part !== "")
      .map((part) => {
        const [command = "", ...rest] = part.trimEnd().split("\n");
        const code = Number(/^exit (\d+)$/.exec(rest.at(-1) ?? "")?.[1] ?? 0);
        return {
          kind: "command",
          command,
          code,
          lines: rest.filter((line) => !/^(?:exit \d+|\.\.\.)?$/.test(line)),
        };
      });
  });
}
