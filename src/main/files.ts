/** Serving the pages: only files of the build, each with the policy, and nothing outside its folder. */
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { kindOfUrl, pageHeaders } from './policy.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

function refused(status: number): Response {
  return new Response(null, { status, headers: pageHeaders });
}

/** The file of a request below a folder, or undefined when it names none. */
function fileOf(folder: string, url: URL): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
  const file = normalize(join(folder, path));
  return file.startsWith(folder + sep) && !path.includes('\0') ? file : undefined;
}

/** Answers requests of pages from the files in a folder. */
export function pageServer(folder: string): (request: Request) => Promise<Response> {
  return async ({ url, method }) => {
    if (method !== 'GET') return refused(405);
    if (kindOfUrl(url) === undefined) return refused(403);
    const file = fileOf(folder, new URL(url));
    const type = file && types[extname(file)];
    if (file === undefined || type === undefined) return refused(404);
    try {
      const body = new Uint8Array(await readFile(file));
      return new Response(body, { headers: { ...pageHeaders, 'content-type': type } });
    } catch {
      return refused(404);
    }
  };
}
