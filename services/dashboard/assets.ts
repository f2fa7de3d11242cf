/**
 * The files of the page. All of them are read at the start, so that no name in a request ever becomes a path.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ServiceError } from '../runtime/index.js';

export interface Asset {
  readonly type: string;
  readonly body: Buffer;
  readonly gzipped: Buffer;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Where `npm run build` puts the page. */
export const builtPage = join(import.meta.dirname, 'page');

/** By the path that a request asks for. Errors: failed_precondition (the page is not built). */
export function readAssets(folder: string): ReadonlyMap<string, Asset> {
  const names = filesIn(folder).filter((name) => types[extname(name)] !== undefined);
  if (!names.includes('index.html')) {
    throw new ServiceError('failed_precondition', `there is no page in ${folder}; npm run build makes it`);
  }
  return new Map(
    names.map((name) => {
      const body = readFileSync(join(folder, name));
      const asset = { type: types[extname(name)] ?? '', body, gzipped: gzipSync(body) };
      return [name === 'index.html' ? '/' : `/${name}`, asset];
    }),
  );
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
