/**
 * A real Prometheus that asks the services of this machine.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../services/tuplespace/testing/free-port.js';
import { startServer } from '../../services/tuplespace/testing/server-process.js';

export interface Prometheus {
  /** The values that an expression has now, one for each series; errors: what Prometheus says of the expression. */
  query(expression: string): Promise<readonly number[]>;
  /** Idempotent. */
  stop(): Promise<void>;
}

/** Both come with Debian's package `prometheus`; images and archives have them beside each other too. */
export const hasPrometheus = ['prometheus', 'promtool'].every((name) =>
  (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, name))),
);

/** What promtool says of a file of settings; empty when it is well formed. */
export function configProblems(path: string): string {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'config', path], { encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

/** @param targets `host:port` of each endpoint */
export async function startPrometheus(targets: readonly string[]): Promise<Prometheus> {
  const directory = await mkdtemp(join(tmpdir(), 'byzantine-prometheus-'));
  const port = await freePort();
  const settings = join(directory, 'prometheus.yml');
  const job = { job_name: 'byzantine', static_configs: [{ targets }] };
  await writeFile(settings, JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: [job] }));
  const parameters = [
    `--config.file=${settings}`,
    `--storage.tsdb.path=${join(directory, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer({ command: 'prometheus', parameters, directory, port, url });
  return {
    async query(expression) {
      const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
      const said = (await answer.json()) as Answer;
      if (said.status === 'success') return said.data.result.map(({ value: [, text] }) => Number(text));
      // It answers 503 while it starts.
      if (answer.status === 503) return [];
      throw new Error(`${expression}: ${said.error}`);
    },
    stop: () => server.stop(),
  };
}

type Answer =
  | {
      readonly status: 'success';
      readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
    }
  | { readonly status: 'error'; readonly error: string };
