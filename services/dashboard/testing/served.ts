/**
 * For tests: the dashboard of a whole system in this process, and a way to ask it as any program could.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedSystem } from '../../orchestrator/testing/embedded-system.js';
import { silentLog, systemClock } from '../../runtime/index.js';
import { startDashboard } from '../start.js';

const testKey = 'the-key-of-the-tests';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Question {
  readonly method?: string;
  /** Sent as it is, without any clean-up. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the answer when what has come is enough. */
  readonly isEnough?: (body: string) => boolean;
}

export type Served = Awaited<ReturnType<typeof serve>>;

/** A system of four nodes with its dashboard. */
export async function serve({ isReadOnly = false } = {}) {
  const pageFolder = mkdtempSync(join(tmpdir(), 'byzantine-page-'));
  writeFileSync(join(pageFolder, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(pageFolder, 'secret.txt'), 'not for the page');
  const nodes = ['node-1', 'node-2', 'node-3', 'node-4'].map((node) => ({ node }));
  const system = await startEmbeddedSystem({ nodes });
  const defaults = {
    protocol: 'om',
    generalCount: 4,
    faultCount: 1,
    strategy: 'two-faced',
    phaseMs: 1_000,
    messagesMax: 20_000,
  };
  const running = await startDashboard({
    orchestrator: system.orchestrator,
    address: '127.0.0.1:0',
    hosts: ['generals.example'],
    key: isReadOnly ? undefined : testKey,
    about: { version: 'test', place: 'in memory', hasFaults: true, defaults },
    clock: systemClock,
    log: silentLog,
    pageFolder,
  });
  const { address } = running;
  return {
    system,
    address,
    ask: (question: Question = {}) => ask(address, question),
    async stop() {
      await running.stop();
      await system.stop();
      rmSync(pageFolder, { recursive: true });
    },
  };
}

/** What a page with the key sends when it changes something. */
export const withKey = { 'content-type': 'application/json', authorization: `Bearer ${testKey}` };

function ask(address: string, question: Question): Promise<Answer> {
  const [host, port] = address.split(':');
  const { method = 'GET', path = '/', headers = {}, body = '', isEnough } = question;
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, method, path, headers }, (response) => {
      let text = '';
      const end = (): void =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (isEnough?.(text) !== true) return;
        end();
        response.destroy();
      });
      response.on('end', end);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
