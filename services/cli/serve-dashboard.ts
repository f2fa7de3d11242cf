/**
 * The dashboard beside an orchestrator in this process, as the settings want it.
 */
import { dashboardKeys, type RunningDashboard, startDashboard } from '../dashboard/index.js';
import type { Orchestrator } from '../orchestrator/index.js';
import { roundDefaults, roundKeys } from '../orchestrator/index.js';
import type { Clock, Log, Settings } from '../runtime/index.js';
import { off, readSecretFile, readVersion } from '../runtime/index.js';

export interface DashboardPlan {
  readonly orchestrator: Orchestrator;
  readonly settings: Settings;
  /** Default: that of the file in the settings; without either the page can only look. */
  readonly key?: string | undefined;
  /** Where the tuples are, in words. */
  readonly place: string;
  /** Nodes are processes of their own, which may be crashed and hung. */
  readonly hasFaults: boolean;
  readonly log: Log;
  readonly clock: Clock;
}

/** Undefined when it is off. Errors: failed_precondition (the port is in use), invalid_argument (the key's file). */
export async function serveDashboard(plan: DashboardPlan): Promise<RunningDashboard | undefined> {
  const { orchestrator, settings, place, hasFaults, log, clock } = plan;
  const { address, keyFile, hosts } = settings.values(dashboardKeys);
  if (address === off) return undefined;
  const inFile = keyFile === '' ? undefined : readSecretFile(keyFile, dashboardKeys.keyFile.path);
  const key = plan.key ?? inFile;
  const defaults = roundDefaults(settings.values(roundKeys));
  const about = { version: readVersion(), place, hasFaults, defaults };
  return startDashboard({ orchestrator, address, hosts, key, about, log, clock });
}
