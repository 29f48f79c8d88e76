import { access } from "node:fs/promises";

/** Is there a file, or a folder, that can be reached? */
export async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
