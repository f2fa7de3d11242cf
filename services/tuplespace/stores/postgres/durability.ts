/**
 * What a Postgres really promises, by its settings.
 */
import { ServiceError } from '../../../runtime/index.js';
import type { Durability, Finding, LogFacts } from '../replica/index.js';

export interface PostgresSettings {
  /** As `server_version_num`: 150004. */
  readonly version: number;
  readonly fsync: string;
  readonly fullPageWrites: string;
  readonly synchronousCommit: string;
  readonly isInRecovery: boolean;
}

/** Errors: failed_precondition where the settings are weaker than declared, with all that was found. */
export function judgeSettings(settings: PostgresSettings, declared: Durability): LogFacts {
  const strict = declared === 'power-loss';
  const findings: Finding[] = [
    {
      setting: 'server_version_num',
      found: String(settings.version),
      needed: '150000 or more',
      isMet: settings.version >= 150_000,
    },
    finding('fsync', settings.fsync, strict ? ['on'] : ['on', 'off']),
    finding('full_page_writes', settings.fullPageWrites, strict ? ['on'] : ['on', 'off']),
    finding('synchronous_commit', settings.synchronousCommit, [
      'on',
      'local',
      'remote_write',
      'remote_apply',
    ]),
    finding('pg_is_in_recovery', settings.isInRecovery ? 'true' : 'false', ['false']),
  ];
  const wrong = findings.filter(({ isMet }) => !isMet);
  if (wrong.length > 0) {
    const parts = wrong.map(({ setting, found, needed }) => `${setting} is ${found}, needed is ${needed}`);
    throw new ServiceError(
      'failed_precondition',
      `postgres is weaker than the durability "${declared}" that is declared: ${parts.join('; ')}; change postgresql.conf, or declare less`,
    );
  }
  const isSynced = settings.fsync === 'on' && settings.fullPageWrites === 'on';
  return { backend: 'postgres', durability: isSynced ? 'power-loss' : 'store-process', findings };
}

function finding(setting: string, found: string, needed: readonly string[]): Finding {
  return { setting, found, needed: needed.join(' or '), isMet: needed.includes(found) };
}
