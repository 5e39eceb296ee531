/** The notices that the build puts beside the pages: every package that is shipped, with its licence. */

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text?: number;
}

interface Notices {
  readonly packages: readonly Package[];
  readonly texts: readonly string[];
}

/** @throws Error when the build brought none. */
export async function loadNotices(): Promise<Notices> {
  const answer = await fetch('/notices.json');
  if (!answer.ok) throw new Error(`notices: ${answer.status}`);
  return (await answer.json()) as Notices;
}

export type { Notices };
