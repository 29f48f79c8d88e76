import { codeOf, EnvironmentError, messageOf, QuiesceError } from "./errors.js";

/** What a machine lacks or forbids, in words, by the code of Node's error. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EPERM: "no permission",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full: a quota is used up",
  EMFILE: "too many files are open in this process (see ulimit -n)",
  ENFILE: "too many files are open on this machine",
  EAGAIN: "no more processes may be started (see ulimit -u)",
  ENOMEM: "there is not enough memory",
  EIO: "the device reports an error",
  ENAMETOOLONG: "the path is too long",
  ELOOP: "its links run in a circle",
};

/** In places that we make and fill ourselves, these are a mistake of the place, too. */
const OF_A_PLACE: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  ENOTDIR: "a part of its path is a file, not a folder",
  EEXIST: "a part of its path is a file, not a folder",
  EISDIR: "it is a folder",
};

/** Why a file or folder can't be used, in words; what we have no words for is Node's own. */
export function systemReason(error: unknown): string {
  const code = codeOf(error) ?? "";
  return REASONS[code] ?? OF_A_PLACE[code] ?? messageOf(error);
}

/**
 * What nobody has foreseen but the machine is to blame for: a full disk, a forbidden folder, too many open files. Others,
 * and those that we foresaw, are returned as they are.
 */
export function asEnvironmental(error: unknown): unknown {
  const code = codeOf(error);
  const reason = code === undefined ? undefined : REASONS[code];
  if (error instanceof QuiesceError || !(error instanceof Error) || reason === undefined) return error;
  const { syscall, path, dest } = error as NodeJS.ErrnoException & { dest?: string };
  const where = dest ?? path;
  return new EnvironmentError(`${reason} (${[code, syscall].filter(Boolean).join(", ")})`, {
    ...(where !== undefined && { where }),
    hint: hintFor(code ?? "", where),
    cause: error,
  });
}

function hintFor(code: string, where: string | undefined): string {
  const folder = where === undefined ? "the folder that it works in" : where;
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return `Make room for ${folder}, or set TMPDIR and QUIESCE_CACHE to folders with room.`;
    case "EMFILE":
    case "EAGAIN":
      return "Raise the limit, or do less at once: --parallel 1.";
    case "ENOMEM":
      return "Do less at once: --parallel 1.";
    default:
      return `Make ${folder} usable for this user, or work in a copy that is.`;
  }
}
