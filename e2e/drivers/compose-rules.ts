/**
 * The rules that every service of a composition keeps, whichever files and profile it is made of: what a container that is taken over can reach
 * and use up. They read what `docker compose config --format json` makes of the files.
 */

export interface ComposedService {
  readonly image?: string;
  readonly build?: unknown;
  readonly user?: string;
  readonly privileged?: boolean;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly devices?: readonly unknown[];
  readonly pid?: string;
  readonly ipc?: string;
  readonly network_mode?: string;
  readonly pids_limit?: number;
  readonly mem_limit?: string | number;
  readonly cpus?: number;
  readonly logging?: { readonly options?: Readonly<Record<string, string>> };
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly ports?: readonly { readonly host_ip?: string }[];
  readonly volumes?: readonly {
    readonly type: string;
    readonly source?: string;
    readonly target: string;
    readonly read_only?: boolean;
  }[];
}

export interface Composition {
  readonly services: Readonly<Record<string, ComposedService>>;
  readonly networks?: Readonly<Record<string, { readonly internal?: boolean } | null>>;
}

type Rule = (service: ComposedService) => boolean;

/** Each says what must be so. */
const rules: Readonly<Record<string, Rule>> = {
  'is not privileged': ({ privileged = false }) => !privileged,
  'drops every capability and adds none': ({ cap_drop = [], cap_add = [] }) =>
    cap_drop.includes('ALL') && cap_add.length === 0,
  'gains no privileges': ({ security_opt = [] }) => security_opt.includes('no-new-privileges:true'),
  'keeps seccomp and AppArmor': ({ security_opt = [] }) =>
    !security_opt.some((option) => /unconfined|label[:=]disable/.test(option)),
  'has a read-only root': ({ read_only = false }) => read_only,
  'runs as a user that is not root': ({ user = '' }) => user !== '' && !/^(root|0)(:|$)/.test(user),
  'shares no namespace with the machine': ({ pid, ipc, network_mode }) =>
    ![pid, ipc, network_mode].includes('host'),
  'sees no device': ({ devices = [] }) => devices.length === 0,
  'has no socket of an engine': ({ volumes = [] }) =>
    !volumes.some(({ source = '', target }) => /(docker|containerd|podman)\.sock/.test(source + target)),
  'writes to no folder of the machine': ({ volumes = [] }) =>
    volumes.every(({ type, read_only = false }) => type !== 'bind' || read_only),
  'has a bounded number of processes': ({ pids_limit = 0 }) => pids_limit > 0,
  'has bounded memory': ({ mem_limit = 0 }) => Number(mem_limit) > 0,
  'has bounded processors': ({ cpus = 0 }) => cpus > 0,
  'has a bounded log': ({ logging }) => logging?.options?.['max-size'] !== undefined,
  'publishes on loopback only': ({ ports = [] }) => ports.every(({ host_ip }) => host_ip === '127.0.0.1'),
  'has an image of a named version, or one that is built here': ({ image = '', build }) =>
    build !== undefined || /@sha256:[0-9a-f]{64}$|:(?!latest$)[\w.-]*\d[\w.-]*$/.test(image),
  'has its secrets in files': ({ environment = {} }) =>
    Object.entries(environment).every(
      ([name, value]) => !/PASSWORD|SECRET|TOKEN|_KEY/.test(name) || (value ?? '').startsWith('/'),
    ),
};

/** What is broken, as `<service>: <rule>`. */
export function brokenRules({ services }: Composition): string[] {
  return Object.entries(services).flatMap(([name, service]) =>
    Object.entries(rules).flatMap(([rule, isKept]) => (isKept(service) ? [] : [`${name}: ${rule}`])),
  );
}
