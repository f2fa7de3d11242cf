/**
 * `byz doctor`: everything that rounds need, each judged by itself.
 */
import { generalNodeKeys } from '../general-node/index.js';
import { orchestratorKeys } from '../orchestrator/index.js';
import type { Settings, Tls } from '../runtime/index.js';
import { checkHealth, readVersion, ServiceError, systemClock } from '../runtime/index.js';
import type { SpaceServiceInfo } from '../tuplespace/index.js';
import { tupleSpaceKeys } from '../tuplespace/index.js';
import type { DoctorOptions } from './commands/doctor.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { counted } from './output/numbers.js';
import { createStyle } from './output/style.js';
import { alignedTable, plainTable } from './output/table.js';
import { probePort } from './probe-port.js';
import { withOrchestrator, withSpace } from './remote.js';
import { loadCommandSettings } from './settings.js';
import type { GlobalOptions, Shell } from './shell.js';
import { placeOf } from './store-place.js';
import { tlsOf } from './tls.js';

/** `byzantine.doctor/1`. */
export interface DoctorDocument {
  readonly schema: 'byzantine.doctor/1';
  readonly version: string;
  readonly node: string;
  readonly checks: readonly Check[];
}

interface Check {
  /** Such as `tuplespace`, `store appendfsync`, `clock`. */
  readonly what: string;
  /** A warning is worth knowing and stops nothing. */
  readonly status: 'ok' | 'warning' | 'failed';
  readonly found: string;
  /** What to do; null where nothing is to be done. */
  readonly advice: string | null;
}

/** Clocks further apart than this are worth a word: nothing is decided by them, but times in logs are compared. */
const clockMsMax = 1_000;

/** A certificate that ends sooner is worth a word. */
const renewDays = 14;

export async function diagnose(shell: Shell, options: DoctorOptions & GlobalOptions): Promise<ExitCode> {
  const settings = loadCommandSettings(shell, options);
  const security = checkTls(settings);
  const others = security.status === 'failed' ? [] : await checkServices(shell, options, settings);
  const { node } = process.versions;
  const document: DoctorDocument = {
    schema: 'byzantine.doctor/1',
    version: readVersion(),
    node,
    checks: [passed('command line', `byz ${readVersion()}, node ${node}`), security, ...others],
  };
  if (options.json) shell.terminal.data(JSON.stringify(document, null, 2));
  else shell.terminal.report(describe(document, shell, options.plain === true));
  return document.checks.some(({ status }) => status === 'failed') ? exitCodes.unavailable : exitCodes.ok;
}

async function checkSpace(
  shell: Shell,
  options: DoctorOptions & GlobalOptions,
  settings: Settings,
): Promise<readonly Check[]> {
  const address = options.tuplespace ?? settings.values(tupleSpaceKeys).address;
  const service = await checkService('tuplespace', {
    address,
    command: 'byz tuplespace',
    tls: tlsOf(settings),
  });
  if (service.status === 'failed') return [service];
  try {
    return await withSpace(shell, options, async (space) => {
      const askedMs = systemClock.wallMs();
      const info = await space.getInfo();
      const answeredMs = systemClock.wallMs();
      return [
        service,
        versionCheck(info),
        storeCheck(info),
        ...findingChecks(info),
        clockCheck(info, { askedMs, answeredMs }),
      ];
    });
  } catch (error) {
    return [service, failedBy('store', error, 'show the bootstrap secret: --secret-file <path>')];
  }
}

async function checkOrchestrator(
  shell: Shell,
  options: DoctorOptions & GlobalOptions,
  settings: Settings,
): Promise<readonly Check[]> {
  const address = options.orchestrator ?? settings.values(orchestratorKeys).address;
  const service = await checkService('orchestrator', {
    address,
    command: 'byz orchestrator',
    tls: tlsOf(settings),
  });
  if (service.status === 'failed') return [service];
  try {
    const listed = await withOrchestrator(shell, options, (orchestrator) => orchestrator.listNodes());
    const nodes = listed.filter(({ state }) => state !== 'gone');
    const found = `${counted(nodes.length, 'node')} enrolled`;
    if (nodes.length > 0) return [service, passed('nodes', found)];
    return [service, { what: 'nodes', status: 'warning', found, advice: 'byz general-node starts one' }];
  } catch (error) {
    return [service, failedBy('nodes', error, "the orchestrator's log has the detail")];
  }
}

async function checkServices(
  shell: Shell,
  options: DoctorOptions & GlobalOptions,
  settings: Settings,
): Promise<readonly Check[]> {
  const parts = await Promise.all([
    checkSpace(shell, options, settings),
    checkOrchestrator(shell, options, settings),
    checkNodePort(settings),
  ]);
  return parts.flat();
}

/** Without usable certificates nothing can be asked. */
function checkTls(settings: Settings): Check {
  try {
    const tls = tlsOf(settings);
    if (tls === undefined) return passed('tls', 'off: calls go in clear');
    const days = Math.floor((tls.until.getTime() - systemClock.wallMs()) / 86_400_000);
    const found = `the certificate is good for ${counted(days, 'day')}, until ${tls.until.toISOString()}`;
    if (days >= renewDays) return passed('tls', found);
    return { what: 'tls', status: 'warning', found, advice: 'byz certificates make renews it' };
  } catch (error) {
    return failedBy('tls', error, 'byz certificates make makes a CA and certificates');
  }
}

/** Nodes find the space by themselves and need not be on this machine: only what stands in the way of one is wrong. */
async function checkNodePort(settings: Settings): Promise<readonly Check[]> {
  const { address } = settings.values(generalNodeKeys);
  const what = 'node port';
  if (await serves(address, tlsOf(settings))) return [passed(what, `a service is at ${address}`)];
  if ((await probePort(address)) !== 'taken') return [passed(what, `${address} is free`)];
  const found = `${address} is taken by another program`;
  const advice = `choose another for nodes on this machine: ${generalNodeKeys.address.path}`;
  return [{ what, status: 'warning', found, advice }];
}

async function checkService(
  what: string,
  {
    address,
    command,
    tls,
  }: { readonly address: string; readonly command: string; readonly tls: Tls | undefined },
): Promise<Check> {
  try {
    await checkHealth({ address, tls }, { deadlineMs: 2_000 });
    return passed(what, `serves at ${address}`);
  } catch (error) {
    const port = await probePort(address);
    if (port === 'free') {
      const found = `nothing listens at ${address}`;
      return { what, status: 'failed', found, advice: `${command} starts it, byz dev everything` };
    }
    return failedBy(what, error, 'its log has the reason; a store that is lost is one');
  }
}

async function serves(address: string, tls: Tls | undefined): Promise<boolean> {
  return checkHealth({ address, tls }, { deadlineMs: 2_000 }).then(
    () => true,
    () => false,
  );
}

function versionCheck({ version }: SpaceServiceInfo): Check {
  const own = readVersion();
  if (version === own) return passed('service version', version);
  const advice = 'use the same version on both sides';
  return { what: 'service version', status: 'warning', found: `${version}, of this command ${own}`, advice };
}

function storeCheck(info: SpaceServiceInfo): Check {
  return passed('store', `${placeOf(info)} (${info.durability})`);
}

function findingChecks({ findings }: SpaceServiceInfo): readonly Check[] {
  return findings.map(({ setting, found, needed, isMet }) => ({
    what: `store ${setting}`,
    status: isMet ? 'ok' : 'failed',
    found,
    advice: isMet ? null : `needed is ${needed}`,
  }));
}

function clockCheck(
  { storeTimeMs }: SpaceServiceInfo,
  { askedMs, answeredMs }: { readonly askedMs: number; readonly answeredMs: number },
): Check {
  // The store's clock was read between the two: no more can be said.
  const aheadMs = storeTimeMs > answeredMs ? storeTimeMs - answeredMs : Math.min(0, storeTimeMs - askedMs);
  const size = Math.abs(aheadMs).toLocaleString('en-US', { maximumFractionDigits: 0 });
  const found =
    aheadMs === 0
      ? "the store's agrees with this one"
      : `the store's is ${size} ms ${aheadMs > 0 ? 'ahead' : 'behind'}`;
  if (Math.abs(aheadMs) <= clockMsMax) return passed('clock', found);
  const advice = 'set both by NTP; expiry and closes go by the store, only times in logs differ';
  return { what: 'clock', status: 'warning', found, advice };
}

function passed(what: string, found: string): Check {
  return { what, status: 'ok', found, advice: null };
}

function failedBy(what: string, error: unknown, advice: string): Check {
  if (!(error instanceof ServiceError)) throw error;
  return { what, status: 'failed', found: error.message, advice };
}

function describe({ checks }: DoctorDocument, { terminal }: Shell, isPlain: boolean): string {
  const style = createStyle(terminal);
  const words = { ok: style.good('ok'), warning: style.caution('warning'), failed: style.bad('FAILED') };
  if (isPlain) {
    const rows = checks.map(({ what, status, found, advice }) => [what, words[status], found, advice ?? '']);
    return plainTable({ head: ['what', 'status', 'found', 'advice'], rows });
  }
  const rows = checks.flatMap(({ what, status, found, advice }) => [
    [words[status], what, found],
    ...(advice === null ? [] : [['', '', advice]]),
  ]);
  return alignedTable({ head: ['', 'what', 'found'], rows });
}
