/**
 * What a Redis really promises, by its settings.
 */
import { ServiceError } from '../../../runtime/index.js';
import type { Durability, Finding, LogFacts } from '../replica/index.js';

export interface RedisSettings {
  readonly version: string;
  readonly role: string;
  readonly appendonly: string;
  readonly appendfsync: string;
  readonly maxmemoryPolicy: string;
}

/** Errors: failed_precondition where the settings are weaker than declared, with all that was found. */
export function judgeSettings(settings: RedisSettings, declared: Durability): LogFacts {
  const fsync = declared === 'power-loss' ? ['always'] : ['always', 'everysec'];
  const major = Number(settings.version.split('.')[0]);
  const findings: Finding[] = [
    { setting: 'redis_version', found: settings.version, needed: '7 or later', isMet: major >= 7 },
    finding('role', settings.role, ['master']),
    finding('appendonly', settings.appendonly, ['yes']),
    finding('appendfsync', settings.appendfsync, fsync),
    finding('maxmemory-policy', settings.maxmemoryPolicy, ['noeviction']),
  ];
  const wrong = findings.filter(({ isMet }) => !isMet);
  if (wrong.length > 0) {
    const parts = wrong.map(({ setting, found, needed }) => `${setting} is ${found}, needed is ${needed}`);
    throw new ServiceError(
      'failed_precondition',
      `redis is weaker than the durability "${declared}" that is declared: ${parts.join('; ')}; change redis.conf, or declare less`,
    );
  }
  const durability = settings.appendfsync === 'always' ? 'power-loss' : 'store-process';
  return { backend: 'redis', durability, findings };
}

function finding(setting: string, found: string, needed: readonly string[]): Finding {
  return { setting, found, needed: needed.join(' or '), isMet: needed.includes(found) };
}
