import { isAbsolute, relative, sep } from "node:path";

/** A file's path as reports name it: relative to the folder that it is in, with "/", else absolute. */
export function shownPath(file: string, folder: string): string {
  const path = relative(folder, file);
  return path === "" || path.startsWith(`..${sep}`) || path === ".." || isAbsolute(path)
    ? file
    : path.split(sep).join("/");
}

/** Whether it lies in the folder. */
export function isInside(file: string, folder: string): boolean {
  return shownPath(file, folder) !== file;
}
